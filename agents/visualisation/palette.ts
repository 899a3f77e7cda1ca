/**
 * Colours of Okabe and Ito's palette (told apart with any common colour vision) on a light page, and what each
 * becomes on a dark one. Each role has a colour of its own, so that a style sheet can find it.
 */
export const palette = {
  paper: { light: '#ffffff', dark: '#14181d' },
  ink: { light: '#1b1f24', dark: '#e8eaed' },
  muted: { light: '#57606a', dark: '#a9b1bb' },
  gridline: { light: '#d8dee4', dark: '#38404a' },
  forecast: { light: '#0072b2', dark: '#56b4e9' },
  rise: { light: '#0073b3', dark: '#57b5ea' },
  fall: { light: '#d55e00', dark: '#e69f00' },
} as const satisfies { [role: string]: { light: string; dark: string } };

export type ColourRole = keyof typeof palette;

export function lightColour(role: ColourRole): string {
  return palette[role].light;
}
