/**
 * Colours of Okabe and Ito's palette, dark blue made darker so that falls and rises differ in grey too, and what each
 * becomes on a dark page. Each role has a colour of its own, so that a style sheet can find it.
 */
export const palette = {
  paper: { light: '#ffffff', dark: '#14181d' },
  ink: { light: '#1b1f24', dark: '#e8eaed' },
  muted: { light: '#57606a', dark: '#a9b1bb' },
  gridline: { light: '#d8dee4', dark: '#38404a' },
  forecast: { light: '#0072b2', dark: '#56b4e9' },
  naive: { light: '#8a5a00', dark: '#d9b36c' },
  rise: { light: '#005f96', dark: '#9bd6f8' },
  fall: { light: '#d55e00', dark: '#e69f00' },
} as const satisfies { [role: string]: { light: string; dark: string } };

export type ColourRole = keyof typeof palette;

export function lightColour(role: ColourRole): string {
  return palette[role].light;
}
