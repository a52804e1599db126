import type { DayRecord } from '../../../src/attendance/rules/day/record';
import { computeAttendance, type AttendanceResult } from '../../../src/attendance/rules/engine';
import type { AttendanceInput } from '../../../src/attendance/rules/input';
import type { Instant } from '../../../src/attendance/rules/time/instant';
import type { Case } from './case';
import type { Product, Stage, StageOptions } from './product';
import { setUp, type Setup } from './setup';

/** A case with the engine's answer, which is computed when it is first looked at. */
export class CaseContext {
  readonly setup: Setup;
  private computed: AttendanceResult | null = null;

  private readonly done = new Map<string, Promise<unknown>>();

  constructor(
    readonly given: Case,
    private readonly product: Product,
  ) {
    this.setup = setUp(given);
  }

  get result(): AttendanceResult {
    this.computed ??= this.compute({});
    return this.computed;
  }

  /** What several expectations ask about is done once: `work` runs when `name` is first asked for. */
  once<T>(name: string, work: () => Promise<T>): Promise<T> {
    const known = this.done.get(name) as Promise<T> | undefined;
    if (known) return known;
    const doing = work();
    this.done.set(name, doing);
    return doing;
  }

  /** The case's tenant on the running product, in the case's zone; several of them by name. */
  stage(options: Omit<StageOptions, 'timeZone'> = {}, name = ''): Promise<Stage> {
    return this.once(`stage ${name}`, () => this.product.stage({ timeZone: this.given.timezone, ...options }));
  }

  /** The engine over the case with some inputs changed. */
  compute(changes: Partial<AttendanceInput>): AttendanceResult {
    return computeAttendance({ ...this.setup, ...changes });
  }

  /** The days that somebody punched for; in a case without punches those of its span. */
  get days(): readonly DayRecord[] {
    return this.daysOf(this.result);
  }

  daysOf(result: AttendanceResult): readonly DayRecord[] {
    const dates = new Set(result.attributions.map((each) => each.date));
    const punched = result.days.filter((each) => dates.has(each.date) || each.payableSeconds > 0);
    return this.setup.punches.length > 0 ? punched : result.days;
  }

  /** Of the first such day. */
  get day(): DayRecord | undefined {
    return this.days[0];
  }

  sum(field: (day: DayRecord) => number): number {
    return this.days.reduce((total, day) => total + field(day), 0);
  }

  instants(): readonly Instant[] {
    return this.setup.punches.map((punch) => punch.at);
  }
}

/**
 * What a key of `expected` stands for: it asks the engine or the running product and answers the number or word there, `undefined` for
 * none.
 * `wanted` decides the form of the answer (a list or one value, decimals, a time or an instant), never its content.
 */
export type Observer = (context: CaseContext, wanted: unknown, key: string) => unknown;

/** Observers by key; a key with `*` stands for digits (`week*`, `minus*h`). */
export type Observers = Readonly<Record<string, Observer>>;

export const toHours = (seconds: number) => seconds / 3600;
export const toMinutes = (seconds: number) => seconds / 60;
export const wholeMinutes = (seconds: number) => Math.floor(seconds / 60);
