import { escapeText } from '../../agents/visualisation/visible-text.ts';
import type { Rating, Section } from './agents.ts';

/** A page for the editor: the section, and what it counts for. */
export function previewRating({ scores }: Rating, section?: Section): string {
  const rows = Object.entries(scores).map(
    ([name, { score, share }]) =>
      `<tr><th scope="row">${escapeText(name)}</th><td>${score.toFixed(1)}</td><td>${Math.round(100 * share)} %</td></tr>`,
  );
  const text = section?.text.split('\n').map((line) => `<p>${escapeText(line)}</p>`) ?? [];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A section, and what it answers</title>
</head>
<body>
<h1>${escapeText(section?.heading ?? 'A section')}</h1>
<table>
<thead><tr><th scope="col">Question</th><th scope="col">Score</th><th scope="col">Terms found</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table>
<blockquote>${text.join('\n')}</blockquote>
</body>
</html>
`;
}
