import { randomBytes } from 'node:crypto';
import { Client, type QueryResultRow } from 'pg';
import { z } from 'zod';

const clusterOf = z.object({
  dataDir: z.string(),
  superuser: z.string(),
  owner: z.string(),
  runtime: z.string(),
  retention: z.string(),
});

/** A database of its own for one test file, and a superuser's look into it. */
export class TestDatabase {
  /** One question at a time on the one connection. */
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly name: string,
    readonly urls: { superuser: string; owner: string; runtime: string; retention: string },
    private readonly client: Client,
  ) {}

  static async create(template = 'rollcall_template'): Promise<TestDatabase> {
    const cluster = clusterOf.parse(JSON.parse(process.env['ROLLCALL_TEST_CLUSTER'] ?? '{}'));
    const name = `test_${randomBytes(6).toString('hex')}`;
    const admin = new Client({ connectionString: cluster.superuser.replace('DATABASE', 'postgres') });
    await admin.connect();
    // The template can be cloned by one at a time; the lock goes with the connection.
    await admin.query(`SELECT pg_advisory_lock(hashtext('template'))`);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY OWNER rollcall_owner`);
    await admin.end();
    const urls = {
      superuser: cluster.superuser.replace('DATABASE', name),
      owner: cluster.owner.replace('DATABASE', name),
      runtime: cluster.runtime.replace('DATABASE', name),
      retention: cluster.retention.replace('DATABASE', name),
    };
    const client = new Client({ connectionString: urls.superuser });
    await client.connect();
    return new TestDatabase(name, urls, client);
  }

  /** Runs SQL as the superuser: for setting a scene, breaking things on purpose and looking at what is really stored. */
  async sql<R extends QueryResultRow = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<R[]> {
    const answer = this.last.then(() => this.client.query<R>(text, values));
    this.last = answer.catch(() => undefined);
    return (await answer).rows;
  }

  async count(table: string, where = 'true', values: unknown[] = []): Promise<number> {
    const [row] = await this.sql<{ n: string }>(`SELECT count(*) AS n FROM ${table} WHERE ${where}`, values);
    return Number(row?.n ?? 0);
  }

  async drop(): Promise<void> {
    await this.client.end();
    const admin = new Client({ connectionString: this.urls.superuser.replace(`/${this.name}`, '/postgres') });
    await admin.connect();
    await admin.query(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
    await admin.end();
  }
}
