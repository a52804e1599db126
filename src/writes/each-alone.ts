import { validationFailed } from '../http/input/schema.pipe';
import { type Fault, Problem } from '../http/problems/problem';

/** What decides about the items of a batch. */
interface Batch<Item, Row> {
  /** What an item is called: `exception`. */
  readonly noun: string;
  /** What becomes of the items that are not refused, as the answer says it: `resolved`. */
  readonly done: string;
  readonly rowOf: (item: Item) => Row | undefined;
  readonly refusalOf: (row: Row | undefined) => Problem | undefined;
}

/** Whether the schema of an item found a value in it that cannot be. */
const isFaulty = (item: object): item is { readonly fault: Fault } => 'fault' in item;

export const withoutFaults = <Item extends object>(
  items: readonly Item[],
): Exclude<Item, { readonly fault: Fault }>[] =>
  items.filter((item): item is Exclude<Item, { readonly fault: Fault }> => !isFaulty(item));

/**
 * Decides about the items of a batch one by one: `accepted` are the rows to change, `body` the answer with one result for each item, in the
 * order sent. An item that is twice in the list is refused the second time. If nothing is accepted, the whole is refused with the first one's reason.
 */
export function eachAlone<Item extends object, Row>(items: readonly Item[], batch: Batch<Item, Row>) {
  const seen = new Set<string>();
  const judged = items.map((item) => {
    const key = JSON.stringify(item);
    const row = batch.rowOf(item);
    const fault = isFaulty(item) ? validationFailed([item.fault]) : undefined;
    const refusal = seen.has(key) ? inListTwice(batch.noun) : (fault ?? batch.refusalOf(row));
    seen.add(key);
    return { told: { ...item, fault: undefined }, row, refusal };
  });
  const accepted = judged.flatMap(({ row, refusal }) => (row !== undefined && !refusal ? [row] : []));
  const [first] = judged;
  if (accepted.length === 0 && first?.refusal) throw first.refusal;
  const results = judged.map(({ told, refusal }, index) =>
    refusal
      ? { index, ...told, status: 'refused', code: refusal.code, detail: refusal.detail }
      : { index, ...told, status: batch.done },
  );
  const counts = { [batch.done]: accepted.length, refused: items.length - accepted.length };
  return { accepted, body: { counts, results } };
}

const inListTwice = (noun: string) => new Problem('already_decided', `This ${noun} stands in the list twice.`);
