import { text } from 'node:stream/consumers';
import { impatient } from '../../src/attendance/files/impatient';
import { until } from '../support/until';

/** Parts that say when somebody has stopped asking for them. */
function parts(count: number) {
  const seen = { given: 0, ended: false };
  async function* source() {
    try {
      for (; seen.given < count; seen.given++) {
        await Promise.resolve();
        yield 'x'.repeat(100_000);
      }
    } finally {
      seen.ended = true;
    }
  }
  return { seen, source: source() };
}

it('gives everything to a reader who takes it', async () => {
  const { seen, source } = parts(5);
  expect(await text(impatient(source, 60_000))).toHaveLength(500_000);
  expect(seen.ended).toBe(true);
});

it('reads no further than a part ahead, and gives up on a reader who takes nothing', async () => {
  const { seen, source } = parts(50);
  const stream = impatient(source, 30);
  const failure = new Promise((resolve) => stream.once('error', resolve));
  stream.read(0);
  expect(await failure).toMatchObject({ message: 'the reader has stopped taking' });
  await until(() => seen.ended, 'its source has ended');
  expect(seen.given).toBeLessThan(3);
});
