/** Runs a second, sixteen of them at once. */
export async function throughput(arm: () => Promise<unknown>, runs: number): Promise<number> {
  let left = runs;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (left-- > 0) await arm();
    }),
  );
  return runs / ((performance.now() - began) / 1000);
}
