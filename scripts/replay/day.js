// A day of a workforce, made from a seed: who punches what, when, at which kiosk; and what must come out of it.
//
// Kiosk A is on line. It tells each punch as it happens, and is told what to do instead when one does not fit. One in ten of its
// people is told late: their break arrives after they have gone home. Kiosk B lost its network, so it delivers its whole day in
// batches, out of order, by a clock that is 90 seconds fast. 11 % of all punches are double taps, 5 % of people forget to punch out.

/** Mulberry32: small, and the same on every machine. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const MINUTE = 60_000;
const KIOSK_B_SKEW_MS = 90_000;

/**
 * `live`: one list of punches for each person at kiosk A, in the order of delivery. `backlog`: what kiosk B delivers.
 * Each punch says what must become of it: `recorded`, or the code of its refusal.
 */
function makeDay(employees, date, seed) {
  const chance = random(seed);
  const between = (low, high) => Math.round(low + chance() * (high - low));
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const live = [];
  const backlog = [];
  employees.forEach((employee, index) => {
    const kiosk = index % 5 < 3 ? 'A' : 'B';
    const start = midnight + between(7 * 60, 9 * 60) * MINUTE + between(0, 59) * 1000;
    const times = {
      in: start,
      break_start: start + between(200, 260) * MINUTE,
      break_end: 0,
      out: start + between(500, 540) * MINUTE,
    };
    times.break_end = times.break_start + between(25, 45) * MINUTE;
    const types = chance() < 0.05 ? ['in', 'break_start', 'break_end'] : ['in', 'break_start', 'break_end', 'out'];
    const punches = types.flatMap((type) => {
      const told = {
        employeeId: employee.id,
        type,
        at: times[type] + (kiosk === 'B' ? KIOSK_B_SKEW_MS : 0),
        expect: 'recorded',
      };
      if (chance() >= 0.11) return [told];
      const tap = {
        ...told,
        at: told.at + between(1, 4) * 1000,
        expect: kiosk === 'A' ? 'PUNCH_TOO_SOON' : 'recorded',
      };
      return [told, tap];
    });
    if (kiosk === 'B') backlog.push(...punches);
    else if (index % 10 === 0)
      live.push([
        ...punches.filter(({ type }) => !/^break/.test(type)),
        ...punches.filter(({ type }) => /^break/.test(type)),
      ]);
    else live.push(punches);
  });
  for (let i = backlog.length - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1));
    [backlog[i], backlog[j]] = [backlog[j], backlog[i]];
  }
  return { live, backlog, chance };
}

/** The rows that must be there in the end, as text to compare: employee, type, instant. */
const truthOf = ({ live, backlog }) =>
  [...live.flat(), ...backlog]
    .filter((punch) => punch.expect === 'recorded')
    .map(({ employeeId, type, at }) => `${employeeId} ${type} ${new Date(at).toISOString()}`)
    .sort();

module.exports = { makeDay, truthOf };
