import type { Fault } from './problem';

/** Deeper than any body of ours by far, and shallow enough that no code behind this needs to fear its stack. */
export const MAX_DEPTH = 32;
/** Enough to repair a body by; an answer must not grow with the malice of the question. */
export const MAX_FAULTS = 100;

export type Path = readonly PropertyKey[];

/** RFC 6901. */
export const jsonPointer = (path: Path): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/**
 * Looks at a parsed body for what JSON permits and we do not: values that would not survive (a number that a double
 * cannot hold, text that PostgreSQL or UTF-8 cannot hold) and names that poison objects. Counts the members on the way.
 */
export class BodyInspection {
  readonly faults: Fault[] = [];
  members = 0;
  tooDeep = false;
  private readonly path: PropertyKey[] = [];

  /** `escapes`: whether the text had any. Without them neither fault of a text can be: UTF-8 and JSON.parse exclude both. */
  constructor(
    body: unknown,
    private readonly escapes: boolean,
  ) {
    this.look(body);
  }

  private look(value: unknown): void {
    if (typeof value === 'string') this.lookAtText(value, 'The text');
    else if (typeof value === 'number') this.lookAtNumber(value);
    else if (typeof value === 'object' && value !== null) this.lookInside(value);
  }

  private lookInside(value: object): void {
    if (this.path.length >= MAX_DEPTH) {
      if (!this.tooDeep) this.fault('too_deep', `The body is nested deeper than ${MAX_DEPTH} levels.`);
      this.tooDeep = true;
      return;
    }
    const inArray = Array.isArray(value);
    for (const key of Object.keys(value)) {
      const member: unknown = Reflect.get(value, key);
      this.path.push(key);
      if (!inArray) this.lookAtName(key, member);
      this.look(member);
      this.path.pop();
    }
  }

  private lookAtName(name: string, member: unknown): void {
    this.members++;
    const poisons =
      name === '__proto__' ||
      (name === 'constructor' && typeof member === 'object' && member !== null && Object.hasOwn(member, 'prototype'));
    if (poisons) this.fault('forbidden_name', 'This name is not allowed in a body. Remove the member.');
    this.lookAtText(name, 'The name');
  }

  private lookAtNumber(value: number): void {
    const survives = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (!survives)
      this.fault('number_out_of_range', 'The number is outside ±9007199254740991 and would not be kept exactly.');
  }

  private lookAtText(text: string, what: string): void {
    if (!this.escapes) return;
    if (text.includes('\0')) this.fault('nul_character', `${what} holds a NUL character (\\u0000). Remove it.`);
    if (loneSurrogate.test(text))
      this.fault('lone_surrogate', `${what} holds half of a surrogate pair. Send the whole character.`);
  }

  private fault(code: string, detail: string): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push({ pointer: jsonPointer(this.path), code, detail });
  }
}

/** With the `u` flag a proper pair is one character, so that only halves are of this category. */
const loneSurrogate = /\p{Surrogate}/u;
