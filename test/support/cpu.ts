/** Microseconds of processor time that the work takes in this process, all threads together: the best of three. */
export async function cpuOf(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 3; n++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    times.push(user + system);
  }
  return Math.min(...times);
}

/** Below the noise of the collector and the compiler nothing is compared. */
const NOISE_US = 50_000;

/** Holds work to growing with its input and not with the square of it: four times the size may cost eight times as much, not sixteen. */
export async function expectLinear(work: (size: number) => unknown, size: number): Promise<void> {
  await work(size / 4); // compiled
  const [quarter, whole] = [await cpuOf(() => work(size / 4)), await cpuOf(() => work(size))];
  expect(whole).toBeLessThan(8 * quarter + NOISE_US);
}
