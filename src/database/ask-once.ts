import { Client, type ClientConfig } from 'pg';

const TIMEOUT_MS = 10_000;

/** The rows of one question, over a connection that is made for it: for checks outside of a running server. Rejects as the driver does. */
export async function askOnce<R extends object>(login: ClientConfig, question: string): Promise<R[]> {
  const client = new Client({ query_timeout: TIMEOUT_MS, connectionTimeoutMillis: TIMEOUT_MS, ...login });
  try {
    await client.connect();
    return (await client.query<R>(question)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
