/** Generated numbers, the same for the same seed: uniform on 0 to 1 (mulberry32). */
function makeGenerator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function makeNormal(seed: number): () => number {
  const uniform = makeGenerator(seed);
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** A generated series: level, straight trend, sine season and normal noise. */
export function generateSeries(options: {
  length: number;
  season?: number;
  level?: number;
  trend?: number;
  swing?: number;
  noise?: number;
  seed?: number;
}): number[] {
  const { length, season = 12, level = 100, trend = 0, swing = 0, noise = 0, seed = 1 } = options;
  const normal = makeNormal(seed);
  return Array.from(
    { length },
    (_, time) => level + trend * time + swing * Math.sin((2 * Math.PI * time) / season) + noise * normal(),
  );
}

/** A generated random walk. */
export function generateWalk(length: number, seed: number, step = 1): number[] {
  const normal = makeNormal(seed);
  let value = 100;
  return Array.from({ length }, () => (value += step * normal()));
}

/** Generated demand: in each period by chance nothing, or a whole number from 1 to twice the size less one. */
export function generateDemand(options: {
  length: number;
  chance: number;
  size: number;
  seed: number;
}): number[] {
  const uniform = makeGenerator(options.seed);
  return Array.from({ length: options.length }, () => {
    const demanded = uniform() < options.chance;
    const size = 1 + Math.floor(uniform() * (2 * options.size - 1));
    return demanded ? size : 0;
  });
}
