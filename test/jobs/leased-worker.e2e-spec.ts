import { Logger } from '@nestjs/common';
import { statement } from '../../src/database/statement';
import type { Transaction } from '../../src/database/transaction';
import { UnitOfWork } from '../../src/database/unit-of-work';
import { Workers } from '../../src/database/workers';
import { Problem } from '../../src/http/problems/problem';
import { LeaseLost } from '../../src/jobs/lease-lost';
import { jobQueue, type LeasedJob, LeasedWorker } from '../../src/jobs/leased-worker';
import { sleep } from '../../src/jobs/work-loop';
import { serverForFile } from '../support/scene';
import { until } from '../support/until';
import type { Tenant } from '../support/world';

const claim = 'SELECT tenant_id, job_id AS id, token::text AS token FROM claim_export($1)';
/** Its lease outlives the test unless somebody ends it; `brief` is renewed ten times a second. */
const long = jobQueue('long', 'export_jobs', claim, 600_000);
const brief = jobQueue('brief', 'export_jobs', claim, 300);
const write = statement(
  'test.write',
  "UPDATE export_jobs SET bytes = bytes + 1 WHERE id = $1 AND token = $2 AND status = 'running'",
);

const server = serverForFile();
let acme: Tenant;
beforeEach(async () => {
  await server.database.sql('DELETE FROM export_jobs');
  acme = await server.world.tenant();
});

/** A process that does `work` for each job. */
class Process extends LeasedWorker {
  readonly failures: string[] = [];

  constructor(
    private readonly doing: (job: LeasedJob) => Promise<void>,
    queue = long,
  ) {
    const worker = server.app.get(Workers, { strict: false }).named('test', new Logger('Test'));
    super(server.app.get(UnitOfWork, { strict: false }), queue, worker, false);
  }

  protected perform(job: LeasedJob): Promise<void> {
    return this.doing(job);
  }

  protected async fail(tx: Transaction, { id, token }: LeasedJob, reason: string): Promise<void> {
    if ((await tx.run(write, [id, token])) === 1) this.failures.push(reason);
  }
}

/** A process that holds each job until it is let go, and then writes with its token. */
function holding(queue = long) {
  let release: () => void = () => undefined;
  const held: LeasedJob[] = [];
  const released = new Promise<void>((resolve) => (release = resolve));
  const work = server.app.get(UnitOfWork, { strict: false });
  const process = new Process(async (job) => {
    held.push(job);
    await released;
    await work.write(job.tenantId, async (tx) => {
      if ((await tx.run(write, [job.id, job.token])) !== 1) throw new LeaseLost(job.id);
    });
  }, queue);
  return { process, held, release };
}

const aJob = async () =>
  (await acme.admin.api.post('/api/attendance/export/jobs', { kind: 'punches' })).body.id as string;
const rowOf = async (id: string) =>
  (await server.database.sql('SELECT token::int, bytes::int, lease_until FROM export_jobs WHERE id = $1', [id]))[0] as {
    token: number;
    bytes: number;
    lease_until: Date;
  };
const leaseRunsOut = (id: string) =>
  server.database.sql(`UPDATE export_jobs SET lease_until = now() - interval '1 s' WHERE id = $1`, [id]);

it('a job is worked on by one process at a time', async () => {
  await aJob();
  const first = holding();
  const done = first.process.drain();
  await until(() => first.held.length, 'the first process holds the job');
  expect(await new Process(() => Promise.resolve()).drain()).toBe(0);
  first.release();
  expect([await done, first.held.length]).toEqual([1, 1]);
});

it('the lease of a job is renewed as long as its holder lives', async () => {
  const id = await aJob();
  const first = holding(brief);
  const done = first.process.drain();
  await until(() => first.held.length, 'the process holds the job');
  const leases = new Set<number>();
  await until(async () => leases.add((await rowOf(id)).lease_until.getTime()).size > 3, 'it is renewed three times');
  expect(await new Process(() => Promise.resolve()).drain()).toBe(0);
  first.release();
  expect(await done).toBeGreaterThan(0);
});

it('the job of a killed process goes to another one, and what the first still writes is refused', async () => {
  const id = await aJob();
  const first = holding();
  const firstDone = first.process.drain();
  await until(() => first.held.length, 'the first process holds the job');
  await leaseRunsOut(id); // as if it had been killed
  const second = holding();
  const secondDone = second.process.drain();
  await until(() => second.held.length, 'the second process holds the job');
  expect([first.held[0]?.token, second.held[0]?.token]).toEqual(['1', '2']);
  first.release();
  expect(await firstDone).toBe(1);
  expect(first.process.failures).toEqual([]);
  expect((await rowOf(id)).bytes).toBe(0);
  second.release();
  expect(await secondDone).toBe(1);
  expect((await rowOf(id)).bytes).toBe(1);
});

it('a job that cannot succeed fails with the reason; after a passing fault it waits for its lease to run out', async () => {
  const id = await aJob();
  const lines: string[] = [];
  const heard = jest.spyOn(Logger.prototype, 'warn').mockImplementation((line) => lines.push(String(line)));
  try {
    const passing = new Process(() => Promise.reject(new Problem('database_unavailable', 'Away.')));
    expect([await passing.drain(), passing.failures]).toEqual([1, []]);
    await leaseRunsOut(id);
    const final = new Process(() => Promise.reject(new Problem('forbidden', 'Not any more.')));
    expect([await final.drain(), final.failures]).toEqual([1, ['Not any more.']]);
    expect(lines).toEqual([
      `test: job ${id} failed: database_unavailable: Away.; next try when its lease has run out, in 600 s`,
      `test: job ${id} failed: forbidden: Not any more.; it is not tried again`,
    ]);
  } finally {
    heard.mockRestore();
  }
});

it('a process that stops leaves its job to the next one, and does not call it failed', async () => {
  await aJob();
  let begun = false;
  const stopped = new Process(async ({ stop }) => {
    begun = true;
    await sleep(600_000, stop);
    throw new Problem('forbidden', 'Cut off.');
  });
  const done = stopped.drain();
  await until(() => begun, 'the process works on the job');
  await stopped.beforeApplicationShutdown();
  expect([await done, stopped.failures]).toEqual([0, []]);
});
