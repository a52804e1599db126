import { Problem } from '../../../../http/problems/problem';

/** Each may fill the memory of a thread, and the machine has to have that many times as much to spare. */
const MOST = 3;
/** Below the deadline of a request, so that the answer says what it waited for. */
const LONGEST_WAIT_MS = 10_000;

let taken = 0;
const waiting: (() => void)[] = [];

/**
 * Takes a place among the workbooks that this process reads at once, in the order of coming, and answers what gives it back, once.
 * 503 `overloaded` when none came free in ten seconds.
 */
export async function takePlace(): Promise<() => void> {
  if (taken < MOST) taken += 1;
  else await turn();
  let isTaken = true;
  return () => {
    if (!isTaken) return;
    isTaken = false;
    const next = waiting.shift();
    if (next)
      next(); // the place goes from hand to hand
    else taken -= 1;
  };
}

function turn(): Promise<void> {
  return new Promise((resolve, reject) => {
    const come = () => {
      clearTimeout(patience);
      resolve();
    };
    const patience = setTimeout(() => {
      waiting.splice(waiting.indexOf(come), 1);
      reject(
        new Problem('overloaded', 'Other workbooks are being read. Try again when they have ended, or upload CSV.', {
          headers: { 'Retry-After': '10' },
        }),
      );
    }, LONGEST_WAIT_MS);
    waiting.push(come);
  });
}
