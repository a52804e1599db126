// A load generator that costs little: one thread, raw sockets, one request at a time on each connection.
// It shares the machine with what it measures, so every microsecond it saves belongs to the server.
// Run as a child process; takes its plan from a JSON file, answers with JSON on standard output.
const net = require('node:net');
const { readFileSync } = require('node:fs');
const { randomUUID } = require('node:crypto');

/**
 * plan: { host, port, connections, seconds, warmupSeconds, path, people: [{id, token}], keyed, start (epoch ms), stepMs }
 * Each connection has its own people and punches for them in turn, in and out, at times that step on: no punch is refused.
 */
const plan = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const latencies = [];
const outcome = { sent: 0, answered: 0, statuses: {}, keys: plan.rememberKeys ? [] : undefined };
let measuring = false;
let stopping = false;
let open = plan.connections;

function connection(number) {
  const mine = plan.people.filter((_, index) => index % plan.connections === number);
  const rounds = mine.map(() => plan.firstRound ?? 0);
  let turn = 0;
  let started = 0;
  let buffered = '';
  const socket = net.connect(plan.port, plan.host);
  socket.setNoDelay(true);
  socket.setEncoding('latin1');

  function next() {
    const at = stopping ? rounds.findIndex((round) => round % 2 !== 0) : turn++ % mine.length; // in the end everybody goes home
    if (at < 0) return socket.end();
    const person = mine[at];
    const round = rounds[at]++;
    const time = new Date(plan.start + round * plan.stepMs).toISOString();
    const body = `{"employeeId":"${person.id}","type":"${round % 2 === 0 ? 'in' : 'out'}","timestamp":"${time}"}`;
    const key = plan.keyed ? `idempotency-key: ${randomUUID()}\r\n` : '';
    outcome.sent++;
    started = performance.now();
    socket.write(
      `POST ${plan.path} HTTP/1.1\r\nhost: ${plan.host}\r\nauthorization: Bearer ${person.token}\r\n${key}content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  }

  socket.on('connect', next);
  socket.on('data', (chunk) => {
    buffered = buffered === '' ? chunk : buffered + chunk;
    const headEnd = buffered.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const lengthAt = buffered.toLowerCase().indexOf('content-length:');
    const length = lengthAt < 0 || lengthAt > headEnd ? 0 : parseInt(buffered.slice(lengthAt + 15, lengthAt + 30), 10);
    if (buffered.length < headEnd + 4 + length) return;
    const status = buffered.slice(9, 12);
    outcome.statuses[status] = (outcome.statuses[status] ?? 0) + 1;
    if (status[0] !== '2' && !outcome.firstRefusal) outcome.firstRefusal = buffered.slice(headEnd + 4);
    outcome.answered++;
    if (measuring) latencies.push(performance.now() - started);
    buffered = '';
    next();
  });
  socket.on('error', (error) => {
    outcome.error = error.message;
  });
  socket.on('close', () => {
    open--;
    if (stopping && open === 0) report();
  });
}

for (let number = 0; number < plan.connections; number++) connection(number);
let from = 0;
let measuredSeconds = 0;
setTimeout(() => {
  measuring = true;
  from = performance.now();
}, plan.warmupSeconds * 1000);
const report = () => {
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  const times = { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
  process.stdout.write(JSON.stringify({ ...outcome, perSecond: latencies.length / measuredSeconds, ...times }));
  process.exit(0);
};
/** Asks no more, and reports once everything that was asked is answered, since an answer that nobody waits for is still stored. */
const finish = () => {
  if (stopping) return;
  measuring = false;
  stopping = true;
  measuredSeconds = (performance.now() - from) / 1000;
  if (open === 0) report();
};
setTimeout(finish, (plan.warmupSeconds + plan.seconds) * 1000);
process.on('SIGTERM', finish);
