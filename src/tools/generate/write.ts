import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileOf } from './file';
import { TruthDays } from './truth-days';
import { generate } from './generate';
import type { DayTruth, GenerateOptions, Truth } from './options';
import { peopleOf } from './persons';

/** Where the parts go. Without `out` the file goes to `fallback`. */
interface Targets {
  readonly out?: string | undefined;
  readonly truth?: string | undefined;
  /** Also what each person did on each day, which is several times the file. */
  readonly truthDays?: boolean | undefined;
  readonly people?: string | undefined;
  readonly fallback: Writable;
}

/** What is true about a written file, for whoever compares what an import made of it. */
interface WrittenTruth extends Omit<Truth, 'seed'> {
  readonly options: GenerateOptions;
  readonly bytes: number;
  readonly sha256: string;
  /** What a first import into a tenant with these people answers: punches created and rows rejected. */
  readonly expected: { readonly create: number; readonly reject: number };
}

/** Writes the file, its truth and its people. Nothing of it is held in memory. */
export async function write(options: GenerateOptions, targets: Targets): Promise<WrittenTruth> {
  const days = targets.truth !== undefined && targets.truthDays === true ? new TruthDays(targets.truth) : undefined;
  const onDay =
    days &&
    ((day: DayTruth) => {
      days.add(day);
    });
  const { text, truth } = generate({ ...options, ...(onDay ? { onDay } : {}) });
  const digest = createHash('sha256');
  let bytes = 0;
  async function* counted() {
    for await (const piece of fileOf(options.shape, text)) {
      digest.update(piece);
      bytes += piece.length;
      await days?.drained();
      yield piece;
    }
  }
  await into(targets.out, targets.fallback, counted());
  const { duplicate = 0, ...rejected } = truth.faults;
  const reject = Object.values(rejected).reduce((sum, rows) => sum + rows, 0);
  const { rows, punches, readablePunches } = truth;
  const counts = { rows, punches, readablePunches, faults: { ...(duplicate > 0 ? { duplicate } : {}), ...rejected } };
  const written = { options, bytes, sha256: digest.digest('hex'), ...counts, expected: { create: punches, reject } };
  if (days) await days.end(written);
  else if (targets.truth !== undefined)
    await pipeline([`${JSON.stringify(written, null, 2)}\n`], createWriteStream(targets.truth));
  if (targets.people !== undefined) await writePeople(targets.people, options);
  return written;
}

async function into(file: string | undefined, fallback: Writable, pieces: AsyncIterable<Buffer>): Promise<void> {
  if (file !== undefined) return pipeline(pieces, createWriteStream(file));
  return pipeline(Readable.from(pieces), fallback, { end: false });
}

/** As bodies of POST /api/users, one on each line; as a table where the file is called so. */
function writePeople(file: string, options: GenerateOptions): Promise<void> {
  const isTable = file.endsWith('.csv');
  function* lines() {
    if (isTable) yield 'employeeNumber,name,email,role\n';
    for (const person of peopleOf(options)) {
      const { employeeNumber, name, email, role } = person;
      yield isTable ? `${employeeNumber},${name},${email},${role}\n` : `${JSON.stringify(person)}\n`;
    }
  }
  return pipeline(Readable.from(lines()), createWriteStream(file));
}
