import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** A file of an archive: its name, and its content as it comes. */
interface ZipMember {
  readonly name: string;
  readonly parts: AsyncIterable<string> | Iterable<string>;
}

interface Written {
  readonly name: Buffer;
  readonly at: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
}

const VERSION = 20;
/** Flags: sizes follow the data, names are UTF-8. */
const FLAGS = 0x0808;
const DEFLATE = 8;
/** 1980-01-01, as every member says: the same rows are the same bytes. */
const DATE = 0x21;
/** What the four bytes of a size can say; the form for more is not written. */
const LARGEST = 0xffff_ffff;

/** A zip archive as a stream: the sizes of a member are known only after its data, so they follow it. Throws beyond 4 GiB. */
export async function* zipOf(members: readonly ZipMember[]): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let at = 0;
  for (const { name, parts } of members) {
    const head = localHeader(Buffer.from(name));
    yield head;
    const sums = { crc: 0, size: 0 };
    let packed = 0;
    for await (const part of deflated(parts, sums)) {
      packed += part.length;
      yield part;
    }
    written.push({ name: Buffer.from(name), at, packed, ...sums });
    at += head.length + packed + 16;
    if (at > LARGEST || sums.size > LARGEST) throw new Error('the workbook is larger than 4 GiB');
    yield fields([4, 0x08074b50], [4, sums.crc], [4, packed], [4, sums.size]);
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  const count = written.length;
  yield directory;
  yield fields([4, 0x06054b50], [4, 0], [2, count], [2, count], [4, directory.length], [4, at], [2, 0]);
}

async function* deflated(parts: ZipMember['parts'], sums: { crc: number; size: number }): AsyncGenerator<Buffer> {
  async function* counted() {
    for await (const part of parts) {
      const bytes = Buffer.from(part);
      sums.crc = crc32(bytes, sums.crc);
      sums.size += bytes.length;
      yield bytes;
    }
  }
  // A failure of either ends the other, and whoever reads the end of it hears of it.
  const deflate = createDeflateRaw({ level: 3 });
  pipeline(Readable.from(counted(), { objectMode: false }), deflate, () => undefined);
  for await (const part of deflate) yield part as Buffer;
}

const localHeader = (name: Buffer) =>
  Buffer.concat([
    fields([4, 0x04034b50], [2, VERSION], [2, FLAGS], [2, DEFLATE], [2, 0], [2, DATE]),
    fields([4, 0], [4, 0], [4, 0], [2, name.length], [2, 0]),
    name,
  ]);

const directoryEntry = ({ name, at, crc, packed, size }: Written) =>
  Buffer.concat([
    fields([4, 0x02014b50], [2, VERSION], [2, VERSION], [2, FLAGS], [2, DEFLATE], [2, 0], [2, DATE]),
    fields([4, crc], [4, packed], [4, size], [2, name.length], [2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, at]),
    name,
  ]);

function fields(...values: readonly (readonly [bytes: 2 | 4, value: number])[]): Buffer {
  return Buffer.concat(
    values.map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      field.writeUIntLE(value, 0, bytes);
      return field;
    }),
  );
}
