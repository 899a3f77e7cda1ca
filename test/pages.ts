/** The code blocks of a page in one language. */
export function blocksOf(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, code]) => code!,
  );
}

/** The lines set off by four spaces, outside of code blocks. */
export function commandsOf(text: string): string[] {
  const lines = text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/^ {4}(\S.*)$/gm);
  return [...lines].map(([, command]) => command!);
}

/** What stands under a heading of the second level, up to the next. */
export function sectionOf(page: string, heading: string): string {
  const [, section] = page.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`There is no section ${heading}.`);
  return section.split('\n## ')[0]!;
}
