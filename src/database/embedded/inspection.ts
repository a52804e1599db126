import { realpathSync } from 'node:fs';
import { Client } from 'pg';
import { connectionUrl, type Credentials } from './credentials';
import { fingerprintSetting } from './server-settings';

/** What a server answers about itself to somebody who knows the password. */
interface Inspection {
  /** The fingerprint of the settings it was started with. */
  settings: string;
}

/**
 * Undefined unless a server on this port lets us in with our password and works on our data directory; anything less
 * could be somebody else's database that happens to have the port.
 */
export async function inspect(
  cluster: string,
  port: number,
  credentials: Credentials,
): Promise<Inspection | undefined> {
  const role = { user: credentials.superuser, password: credentials.password };
  const client = new Client({
    connectionString: connectionUrl(port, role, 'postgres'),
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ directory: string; settings: string | null }>(
      `select current_setting('data_directory') as directory, current_setting($1, true) as settings`,
      [fingerprintSetting],
    );
    const [row] = rows;
    if (row === undefined || realpathSync(row.directory) !== realpathSync(cluster)) return undefined;
    return { settings: row.settings ?? '' };
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}
