import type { Fault } from '../problems/problem';

/** Deeper than any body of ours by far, and shallow enough that no code behind this needs to fear its stack. */
const MAX_DEPTH = 32;
/** Enough to repair a body by; an answer must not grow with the malice of the question. */
export const MAX_FAULTS = 100;

/** No object of ours has more members; the widest is a row of an import, with one for each column. */
const MAX_MEMBERS = 2_000;
/** Several times the longest list that a route takes. */
const MAX_ELEMENTS = 10_000;
/** Longer than any pointer into a body of ours. */
const MAX_POINTER = 1_000;

export type Path = readonly PropertyKey[];

/**
 * RFC 6901. A path longer than any of ours is followed as far as it fits and names what encloses the fault: names come from whoever
 * sent the body, and a hundred pointers to one of half a megabyte would be an answer of fifty.
 */
export function jsonPointer(path: Path): string {
  let pointer = '';
  for (const step of path) {
    const name = String(step);
    if (pointer.length + name.length >= MAX_POINTER) break;
    pointer += `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  }
  return pointer;
}

/**
 * Looks at a parsed body for what JSON permits and we do not: values that would not survive (a number that a double
 * cannot hold, text that PostgreSQL or UTF-8 cannot hold), names that poison objects, and more than any route of ours could
 * want. Counts the members on the way.
 */
export class BodyInspection {
  readonly faults: Fault[] = [];
  members = 0;
  /** Something was too deep or too large to be looked at, so that the members are not all counted. */
  unfinished = false;
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
      if (!this.unfinished) this.fault('too_deep', `The body is nested deeper than ${MAX_DEPTH} levels.`);
      this.unfinished = true;
    } else if (Array.isArray(value)) this.lookAtElements(value);
    else this.lookAtMembers(value);
  }

  private lookAtElements(list: readonly unknown[]): void {
    if (this.isTooLarge('list', list.length, MAX_ELEMENTS)) return;
    for (const [index, element] of list.entries()) this.lookAt(index, element);
  }

  private lookAtMembers(value: object): void {
    const names = Object.keys(value);
    if (this.isTooLarge('object', names.length, MAX_MEMBERS)) return;
    for (const name of names) this.lookAt(name, Reflect.get(value, name));
  }

  private lookAt(step: string | number, value: unknown): void {
    this.path.push(step);
    if (typeof step === 'string') this.lookAtName(step, value);
    this.look(value);
    this.path.pop();
  }

  private isTooLarge(what: 'list' | 'object', size: number, most: number): boolean {
    if (size <= most) return false;
    const parts = what === 'list' ? 'elements' : 'members';
    this.fault('too_large', `The ${what} has ${size} ${parts}; no more than ${most} are taken.`);
    this.unfinished = true;
    return true;
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
