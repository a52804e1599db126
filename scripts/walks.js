// Counts the walk of one punch through the code: from the socket to its route, to its commit, and to its day. A file is on a walk
// when one of its functions runs on it, as V8 counts them (precise coverage), in the real server over HTTP with its own PostgreSQL.
//   npm run walks             prints the lists
//   npm run walks -- --check  compares them with docs/architecture.md, which says in a line what each file does
const { Session } = require('node:inspector');
const { mkdtempSync, readFileSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { fileURLToPath } = require('node:url');

const root = path.join(__dirname, '..');
const dist = path.join(root, 'dist') + path.sep;
const built = (file) => require(path.join(dist, file));
/** What timers of the server run meanwhile. */
const beside = /^src\/(http\/server\/(deadline|in-flight)\.ts|http\/logging\/blocks\.ts|database\/embedded\/)/;
const password = 'a walk through the code';

/** Forgets what has run so far; answers the source files of what had. */
function coverage() {
  const session = new Session();
  session.connect();
  const post = (method, params) => {
    let result;
    session.post(method, params, (error, value) => {
      if (error) throw error;
      result = value;
    });
    return result;
  };
  post('Profiler.enable');
  post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  return () =>
    post('Profiler.takePreciseCoverage')
      .result.filter(
        ({ url, functions }) => url.startsWith('file://') && fileURLToPath(url).startsWith(dist) && functions.some(ran),
      )
      .map(({ url }) => `src/${path.relative(dist, fileURLToPath(url)).replace(/\.js$/, '.ts')}`)
      .filter((file) => !beside.test(file))
      .sort();
}
const ran = ({ ranges: [range] }) => range.count > 0;

async function walks() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollcall-walks-'));
  const config = built('config/config.js').loadConfig({
    ROLLCALL_DATA_DIR: folder,
    LOG_LEVEL: 'fatal',
    DAY_WORKER: 'off',
    IMPORT_WORKER: 'off',
    EXPORT_WORKER: 'off',
    RETENTION: 'off',
  });
  const access = await built('database/access.js').openDatabase(config, () => undefined);
  let app;
  try {
    await built('database/migrating/migrate.js').migrate(access.owner);
    app = await built('application.js').createApplication(config, access);
    await app.listen(0, '127.0.0.1');
    await app.get(built('demo/demo.service.js').DemoService, { strict: false }).create(password);
    return await measured(app, await app.getUrl());
  } finally {
    await app?.close();
    await access.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(app, url) {
  const call = async (to, body, headers = {}) => {
    const reply = await fetch(url + to, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });
    const answer = await reply.json();
    if (!reply.ok) throw new Error(`${to}: ${reply.status} ${JSON.stringify(answer)}`);
    return answer;
  };
  const { token, user } = await call('/api/auth/login', { email: 'employee@acme.test', password });
  const punch = (type, key) =>
    call('/api/punches', { employeeId: user.id, type }, { authorization: `Bearer ${token}`, 'idempotency-key': key });
  const days = app.get(built('attendance/days/day-worker.js').DayWorker, { strict: false });
  const take = coverage();

  await punch('in', 'first'); // what runs only once, such as preparing statements and looking up the caller, is no part of a walk
  await days.drain();
  await quiet();

  const walk = {};
  let isPunching = false;
  // Timers of the server run meanwhile: what is on a walk is on it every time.
  const seen = (title, files) => (walk[title] = files.filter((file) => walk[title]?.includes(file) ?? true));
  const restore = [
    before(built('attendance/punches/punches.service.js').PunchesService, 'record', () => {
      // The caller is remembered: what runs of the database is a timer that looks after idle connections.
      const files = take().filter((file) => !file.startsWith('src/database/'));
      seen('From the socket to the route', files);
    }),
    behind(built('database/unit-of-work.js').UnitOfWork, 'group', () => {
      if (isPunching)
        seen('From the route to the commit', [...take(), 'src/attendance/punches/punches.controller.ts'].sort());
    }),
  ];
  for (const [round, type] of ['break_start', 'break_end', 'out'].entries()) {
    take();
    isPunching = true;
    await punch(type, `round ${round}`);
    isPunching = false;
    await quiet();
    take();
    await days.drain();
    seen('From the commit to the day', take());
  }
  for (const each of restore) each();
  return walk;
}

const quiet = () => new Promise((resolve) => setTimeout(resolve, 1500)); // the request log is written behind the answer

function before({ prototype }, name, look) {
  const original = prototype[name];
  prototype[name] = function (...args) {
    look();
    return original.apply(this, args);
  };
  return () => (prototype[name] = original);
}

function behind({ prototype }, name, look) {
  const original = prototype[name];
  prototype[name] = async function (...args) {
    const done = await original.apply(this, args);
    look();
    return done;
  };
  return () => (prototype[name] = original);
}

function check(found) {
  const page = readFileSync(path.join(root, 'docs', 'architecture.md'), 'utf8');
  let astray = 0;
  for (const [title, files] of Object.entries(found)) {
    const part = page.split('\n### ').find((text) => text.startsWith(title)) ?? '';
    const listed = [...part.matchAll(/^\| `(src\/[^`]+)` \|/gm)].map(([, file]) => file);
    for (const file of files.filter((each) => !listed.includes(each))) report('missing', title, file);
    for (const file of listed.filter((each) => !files.includes(each))) report('no longer on it', title, file);
    if (!part.includes(`: ${files.length} files`)) report('number of files', title, String(files.length));
  }
  function report(what, title, file) {
    astray++;
    process.stderr.write(`docs/architecture.md, ${title}: ${what}: ${file}\n`);
  }
  return astray;
}

walks().then(
  (found) => {
    for (const [title, files] of Object.entries(found))
      process.stdout.write(`${title}: ${files.length} files\n  ${files.join('\n  ')}\n`);
    process.exit(process.argv.includes('--check') && check(found) > 0 ? 1 : 0);
  },
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
