import { parse } from 'csv-parse/sync';
import { generate } from '../../src/tools/generate/generate';
import { ImportWorker } from '../../src/attendance/imports/jobs/import-worker';
import { tenantForEachTest } from '../support/scene';
import { workbook } from './reading/workbooks';

const { server, tenant: acme } = tenantForEachTest({ BODY_LIMIT_BYTES: '2000000' });
const base = '/api/attendance/import';

beforeEach(async () => {
  await server.database.sql(
    `INSERT INTO users (tenant_id, name, employee_number) SELECT $1, 'Person ' || n, lpad(n::text, 6, '0') FROM generate_series(1, 60) n`,
    [acme.id],
  );
});

async function upload(file: string | Buffer, name = 'punches.csv'): Promise<any> {
  const reply = await fetch(`${server.url}${base}/upload?filename=${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${acme.admin.token}`, 'content-type': 'application/octet-stream' },
    body: new Uint8Array(Buffer.from(file)),
  });
  expect(reply.status).toBe(201);
  return reply.json();
}
/** Uploads, previews and commits; answers the job at its end, and what the preview showed. */
async function load(file: string | Buffer, options: object = {}, name?: string) {
  const source = { fileId: (await upload(file, name)).fileId as string, timeZone: 'UTC', ...options };
  const looked = await acme.admin.api.post(`${base}/preview`, source);
  expect([looked.status, looked.body.detail]).toEqual([200, undefined]);
  const { commitToken } = looked.body as { commitToken: string };
  const { body } = await acme.admin.api.post(`${base}/commit`, { ...source, commitToken });
  await server.app.get(ImportWorker, { strict: false }).drain();
  const job = await acme.admin.api.get(`${base}/jobs/${body.jobId as string}`);
  expect(job.body.status).toBe('completed');
  return {
    id: job.body.id as string,
    counts: job.body.counts,
    mapping: looked.body.mapping,
    seen: looked.body,
    reading: job.body.reading,
  };
}
const download = async (id: string, query = 'as=rows') => {
  const reply = await acme.admin.api.get(`${base}/batches/${id}/errors?${query}`);
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  return reply.text;
};
/** Cells of an error file, as a spreadsheet takes them apart. */
const cellsOf = (text: string): string[][] => parse(text, { bom: true, relax_column_count: true });
const written = (rows: string[][]) =>
  rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n');
const punches = () =>
  server.database.sql<{ number: string; at: string; device: string | null }>(
    `SELECT u.employee_number AS number, to_char(p.occurred_at AT TIME ZONE 'UTC', 'HH24:MI') AS at, p.device_id AS device
     FROM punches p JOIN users u ON u.id = p.employee_id WHERE p.tenant_id = $1 AND p.status = 'active' ORDER BY p.occurred_at`,
    [acme.id],
  );

const header = ['employeeNumber', 'type', 'timestamp', 'deviceId', 'note'];
const own = header.length;

describe('the rejected rows of a batch', () => {
  it('are downloaded in their own columns, corrected, uploaded again, and then all rows are in', async () => {
    const file = [
      'employeeNumber,type,timestamp,deviceId,note',
      '000001,in,2026-03-02T09:00:00,gate,fine',
      '999999,in,2026-03-02T09:01:00,"=gate,1",nobody',
      '000002,arrived,2026-13-02T09:02:00,-7,two faults',
      '999999,in,2026-03-02T09:03:00,"\'=x","two',
      'lines"',
      '000003,in,2026-03-02T09:04:00',
      '000004,in,2026-03-02T09:05:00,gate,"one",too,many',
      '000005,in,2026-03-02T09:06:00,gate,"swallows the next',
      '000006,in,2026-03-02T09:07:00,gate,"',
      '000007,in,2026-03-02T09:08:00,gate,fine',
      '"000008,in,2026-03-02T09:09:00,gate,never closed',
      '000009,in,2026-03-02T09:10:00,gate,behind it',
      '',
    ].join('\n');
    const first = await load(file);
    expect(first.counts).toMatchObject({ create: 2, reject: 7 });
    const rows = cellsOf(await download(first.id));
    expect(rows[0]).toEqual([...header, 'error_code', 'error_column', 'error_detail', 'line']);
    expect(rows.slice(1).map((row) => [row[0], row[own], row[own + 3]])).toEqual([
      ['999999', 'unknown_person', '3'],
      ['000002', 'unknown_type; invalid_date', '4'],
      ['999999', 'unknown_person', '5'],
      ['000003', 'wrong_column_count', '7'],
      ['000004', 'wrong_column_count', '8'],
      ['000005', 'unreadable_row', '9'],
      ['000006', 'unreadable_row', '10'],
      ['000008', 'unreadable_row', '12'],
      ['000009', 'unreadable_row', '13'],
    ]);
    expect(rows[1]?.slice(3, 5)).toEqual(["'=gate,1", 'nobody']);
    expect(rows[2]?.slice(3, 5)).toEqual(['-7', 'two faults']);
    expect(rows[3]?.slice(3, 5)).toEqual(["''=x", 'two\nlines']);
    expect(rows[5]?.slice(own + 4)).toEqual(['too', 'many']);

    // Nothing corrected: what is still wrong comes back, in the same columns and with the same cells.
    const untouched = await load(await download(first.id));
    expect(untouched.mapping).toEqual(first.mapping);
    const again = cellsOf(await download(untouched.id));
    expect(again[0]).toEqual(rows[0]);
    expect(again[1]?.slice(0, 5)).toEqual(rows[1]?.slice(0, 5));
    expect(again[3]?.slice(0, 5)).toEqual(rows[3]?.slice(0, 5));

    const corrected = rows.map((row, n) => {
      const cells = n === 5 ? row.slice(0, own + 4) : row;
      const correct = (cell: string) =>
        cell.replace('999999', '000010').replace('2026-13', '2026-03').replace('arrived', 'in');
      return cells.map((cell, at) => (at < own ? correct(cell) : cell));
    });
    const second = await load(written(corrected), { mapping: first.mapping });
    expect(second.counts.reject).toBe(0);
    expect((await punches()).map(({ number, at, device }) => [number, at, device])).toEqual([
      ['000001', '09:00', 'gate'],
      ['000010', '09:01', '=gate,1'],
      ['000002', '09:02', '-7'],
      ['000010', '09:03', "'=x"],
      ['000003', '09:04', null],
      ['000004', '09:05', 'gate'],
      ['000005', '09:06', 'gate'],
      ['000006', '09:07', 'gate'],
      ['000007', '09:08', 'gate'],
      ['000008', '09:09', 'gate'],
      ['000009', '09:10', 'gate'],
    ]);
  });

  it('of a large file with every kind of fault are as many as its truth says', async () => {
    const options = {
      shape: 'plain-punches',
      seed: 3,
      people: 60,
      days: 40,
      from: '2026-01-01',
      timeZone: 'UTC',
    } as const;
    const { text, truth } = generate({ ...options, faults: 0.05 });
    const first = await load([...text].join(''));
    const { duplicate = 0, ...faults } = truth.faults;
    const faulty = Object.values(faults).reduce((sum, count) => sum + count, 0);
    expect(first.counts).toMatchObject({ create: truth.punches, reject: faulty });
    expect(duplicate).toBeGreaterThan(0);
    const rows = cellsOf(await download(first.id));
    expect(rows).toHaveLength(1 + faulty);
    expect((await download(first.id, 'as=rows&limit=5')).trimEnd().split('\r\n')).toHaveLength(6);
    const [, ...lines] = rows.map((row) => Number(row[7]));
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
  });

  it('of a workbook, a terminal file and objects come as CSV, and are read again with the mapping of the first time', async () => {
    const day = ['2026-03-02T09:00:00', '2026-03-02T10:00:00'] as const;
    const sheet = [
      ['employeeNumber', 'type', 'timestamp'],
      ['000001', 'in', day[0]],
      ['999999', 'out', day[1]],
    ];
    const files: [string | Buffer, string][] = [
      [workbook({ Punches: sheet }), 'rows.xlsx'],
      ['        1\t2026-03-02 09:00:00\t1\t0\t1\t0\r\n   999999\t2026-03-02 10:00:00\t1\t1\t1\t0\r\n', 'attlog.dat'],
      [
        sheet
          .slice(1)
          .map(([employeeNumber, type, timestamp]) => JSON.stringify({ employeeNumber, type, timestamp }))
          .join('\n'),
        'rows.ndjson',
      ],
    ];
    await server.database.sql(`INSERT INTO users (tenant_id, name, employee_number) VALUES ($1, 'One', '1')`, [
      acme.id,
    ]);
    let expected = 0;
    for (const [file, name] of files) {
      const first = await load(file, {}, name);
      expect([name, first.counts.reject]).toEqual([name, 1]);
      const text = await download(first.id);
      const second = await load(text.replace('999999', '000002'), first.reading as object);
      expect([name, second.counts.reject]).toEqual([name, 0]);
      expected += Number(first.counts.create) + Number(second.counts.create);
      await acme.admin.api.post(`${base}/rollback/${second.id}`);
      await acme.admin.api.post(`${base}/rollback/${first.id}`);
    }
    expect(expected).toBe(6);
  });

  it('are known by the profile that their file was known by', async () => {
    await acme.admin.api.post(`${base}/profiles`, {
      name: 'Gate',
      kind: 'punches',
      mapping: { fields: { employee: 'Ausweis', timestamp: '=Zeit' }, dateFormat: 'DD.MM.YYYY' },
      columns: ['Ausweis', 'Müller', '=Zeit'],
    });
    const file = Buffer.from('Ausweis;Müller;=Zeit\r\n999999;ä;02.03.2026 09:00\r\n', 'latin1');
    const first = await load(file);
    expect([first.seen.profile.name, first.counts.reject]).toEqual(['Gate', 1]);
    const text = await download(first.id);
    expect(cellsOf(text).map((row) => row.slice(0, 3))).toEqual([
      ['Ausweis', 'Müller', "'=Zeit"],
      ['999999', 'ä', '02.03.2026 09:00'],
    ]);
    const second = await load(text.replace('999999', '000001'));
    expect([second.seen.profile.name, second.counts.create]).toEqual(['Gate', 1]);
  });

  it('are gone with their file after seven days; the list of what was wrong stays', async () => {
    const { id } = await load('employeeNumber,type,timestamp\n999999,in,2026-03-02T09:00:00Z\n');
    await server.database.sql('DELETE FROM import_file_pieces WHERE tenant_id = $1', [acme.id]);
    await server.database.sql('DELETE FROM import_files WHERE tenant_id = $1', [acme.id]);
    const reply = await acme.admin.api.get(`${base}/batches/${id}/errors?as=rows`);
    expect([reply.status, reply.body.code]).toEqual([410, 'import_file_gone']);
    expect(cellsOf(await download(id, 'as=list'))[1]?.slice(0, 4)).toEqual([
      '2',
      'employee',
      '999999',
      'unknown_person',
    ]);
    expect((await acme.approver.api.get(`${base}/batches/${id}/errors?as=rows`)).status).toBe(403);
    const globex = await server.world.tenant();
    expect((await globex.admin.api.get(`${base}/batches/${id}/errors?as=rows`)).status).toBe(404);
  });
});
