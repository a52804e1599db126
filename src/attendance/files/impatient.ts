import { Readable } from 'node:stream';

/**
 * Parts as a stream that ends in failure when its reader leaves one untaken for `patienceMs`: a client that neither reads nor hangs up
 * must not keep a connection, a snapshot and a place for ever.
 */
export function impatient(parts: AsyncIterable<string | Buffer>, patienceMs: number): Readable {
  let timer: NodeJS.Timeout | undefined;
  async function* watched() {
    for await (const part of parts) {
      timer = setTimeout(() => stream.destroy(new Error('the reader has stopped taking')), patienceMs);
      yield part;
      clearTimeout(timer);
    }
  }
  const stream = Readable.from(watched(), { objectMode: false, highWaterMark: 64 * 1024 });
  stream.once('close', () => {
    clearTimeout(timer);
  });
  return stream;
}
