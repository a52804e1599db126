import { absentIn } from './absent';
import { Unsupported, type Case } from './case';
import { CaseContext, type Observer, type Observers } from './context';
import { CATEGORIES } from './observe/categories';
import type { Product } from './product';

export interface CaseOutcome {
  readonly id: string;
  readonly outcome: 'passed' | 'failed' | 'not offered' | 'not yet';
  /** One line for each expectation that was not met, or why the product does not do this. */
  readonly detail: readonly string[];
}

/** Runs one case against the product. A category, key or value that nobody here knows is a failure that names it. */
export async function runCase(given: Case, product: Product): Promise<CaseOutcome> {
  const { id } = given;
  const absent = absentIn(given);
  if (absent) return { id, outcome: absent.outcome, detail: [absent.reason] };
  try {
    const observers = CATEGORIES[given.category];
    if (!observers) throw new Unsupported(`category ${given.category}`);
    const known = Object.entries(given.expected).map(([key, wanted]) => ({ key, wanted, see: find(observers, key) }));
    const context = new CaseContext(given, product);
    const detail: string[] = [];
    for (const { key, wanted, see } of known) {
      const found = await see(context, wanted, key);
      if (!isSame(found, wanted))
        detail.push(`${key}: expected ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`);
    }
    return { id, outcome: detail.length === 0 ? 'passed' : 'failed', detail };
  } catch (fault) {
    const message = fault instanceof Error ? fault.message : String(fault);
    return { id, outcome: 'failed', detail: [fault instanceof Unsupported ? `unknown shape: ${message}` : message] };
  }
}

function find(observers: Observers, key: string): Observer {
  const observer = observers[key] ?? observers[key.replace(/\d+/g, '*')];
  if (!observer) throw new Unsupported(`expected ${key}`);
  return observer;
}

/** Equal in every part; numbers up to the error of a binary fraction of an hour. */
function isSame(found: unknown, wanted: unknown): boolean {
  if (typeof found === 'number' && typeof wanted === 'number') return Math.abs(found - wanted) < 1e-9;
  if (typeof found !== 'object' || typeof wanted !== 'object' || found === null || wanted === null)
    return found === wanted;
  if (Array.isArray(found) !== Array.isArray(wanted)) return false;
  const [left, right] = [Object.entries(found), new Map(Object.entries(wanted))];
  return left.length === right.size && left.every(([key, value]) => right.has(key) && isSame(value, right.get(key)));
}
