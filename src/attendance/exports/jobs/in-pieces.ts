const PIECE = 1024 * 1024;

/** Parts of whatever size as buffers of a mebibyte, the last one shorter; nothing for nothing. */
export async function* inPieces(parts: AsyncIterable<string | Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    held.push(bytes);
    length += bytes.length;
    if (length < PIECE) continue;
    const whole = Buffer.concat(held);
    let from = 0;
    for (; whole.length - from >= PIECE; from += PIECE) yield whole.subarray(from, from + PIECE);
    held = [whole.subarray(from)];
    length = whole.length - from;
  }
  if (length > 0) yield Buffer.concat(held);
}
