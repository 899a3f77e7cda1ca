import {
  converter,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  formatHex,
  parse,
  wcagContrast,
} from 'culori';
import { expect, test } from 'vitest';
import { type ColourRole, palette } from '../../../agents/visualisation/palette.ts';

const visions = {
  common: (colour: string) => colour,
  protanopia: (colour: string) => formatHex(filterDeficiencyProt(1)(parse(colour)!))!,
  deuteranopia: (colour: string) => formatHex(filterDeficiencyDeuter(1)(parse(colour)!))!,
  tritanopia: (colour: string) => formatHex(filterDeficiencyTrit(1)(parse(colour)!))!,
};
const modes = ['light', 'dark'] as const;

/** What lies side by side in one chart and means different things. */
const pairs: [ColourRole, ColourRole][] = [
  ['ink', 'forecast'],
  ['ink', 'naive'],
  ['forecast', 'naive'],
  ['rise', 'fall'],
  ['forecast', 'muted'],
];

test.each(Object.keys(visions) as (keyof typeof visions)[])(
  'colours of one chart differ with %s',
  (vision) => {
    const see = visions[vision];
    for (const mode of modes)
      for (const [one, other] of pairs) {
        const distance = differenceCiede2000()(see(palette[one][mode]), see(palette[other][mode]));
        expect({ mode, one, other, far: distance >= 12 || distance }).toEqual({
          mode,
          one,
          other,
          far: true,
        });
      }
  },
);

test('rise and fall differ in grey too', () => {
  const lightness = converter('oklab');
  for (const mode of modes) {
    const [rise, fall] = [lightness(palette.rise[mode])!.l, lightness(palette.fall[mode])!.l];
    expect(Math.abs(rise - fall)).toBeGreaterThan(0.05);
  }
});

test('text has a contrast of at least 4.5 and marks of at least 3, in light and dark', () => {
  for (const mode of modes) {
    for (const role of ['ink', 'muted', 'forecast'] as const)
      expect(wcagContrast(palette[role][mode], palette.paper[mode])).toBeGreaterThanOrEqual(4.5);
    for (const role of ['rise', 'fall', 'naive'] as const)
      expect(wcagContrast(palette[role][mode], palette.paper[mode])).toBeGreaterThanOrEqual(3);
  }
});

test('each role has a colour of its own, so that a dark page can exchange it', () => {
  const light = Object.values(palette).map((role) => role.light);
  expect(new Set(light).size).toBe(light.length);
});
