import { Unsupported, type Case } from './case';
import { CaseContext, type Observer, type Observers } from './context';
import { CATEGORIES } from './observe/categories';

export interface CaseOutcome {
  readonly id: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** One line for each expectation that was not met, or the reason for skipping. */
  readonly detail: readonly string[];
}

/** Runs one case through the rules. Skipped only where the adapter does not know a category, key or value. */
export function runCase(given: Case): CaseOutcome {
  const { id } = given;
  try {
    const observers = CATEGORIES[given.category];
    if (!observers) throw new Unsupported(`category ${given.category}`);
    const known = Object.entries(given.expected).map(([key, wanted]) => ({ key, wanted, see: find(observers, key) }));
    const context = new CaseContext(given);
    const detail = known.flatMap(({ key, wanted, see }) => {
      const found = see(context, wanted, key);
      return isSame(found, wanted)
        ? []
        : [`${key}: expected ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`];
    });
    return { id, outcome: detail.length === 0 ? 'passed' : 'failed', detail };
  } catch (fault) {
    if (fault instanceof Unsupported) return { id, outcome: 'skipped', detail: [fault.message] };
    const message = fault instanceof Error ? fault.message : String(fault);
    return { id, outcome: 'failed', detail: [message] };
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
