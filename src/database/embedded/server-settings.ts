import { createHash } from 'node:crypto';
import { type Binaries, hasLibrary } from './binaries';

/** A custom setting that records the settings with which a running server was started. */
export const fingerprintSetting = 'rollcall.settings';

interface SettingsRequest {
  binaries: Binaries;
  durable: boolean;
  settings: Record<string, string>;
}

/** Sized for one product on one small machine; everything can be overruled except where and how it listens. */
export function serverSettings({ binaries, durable, settings }: SettingsRequest): Record<string, string> {
  const chosen: Record<string, string> = {
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: '100',
    shared_buffers: '128MB',
    wal_compression: 'on',
    // A new piece of the log is not written full of zeros first: every punch waited 55 ms for that, twice a second, while an import ran.
    wal_init_zero: 'off',
    max_locks_per_transaction: '256',
    log_line_prefix: '%m [%p] %q%u@%d ',
    ...(hasLibrary(binaries.home, 'pg_stat_statements') && { shared_preload_libraries: 'pg_stat_statements' }),
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...settings,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    logging_collector: 'off',
  };
  return { ...chosen, [fingerprintSetting]: fingerprint(binaries.version, chosen) };
}

/**
 * Settings travel on the command line and not in a file inside the cluster, so that what runs is what the code says
 * and an old file never outlives the release that wrote it.
 */
export function asArguments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function fingerprint(version: string, settings: Record<string, string>): string {
  const ordered = Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([version, ordered]))
    .digest('hex')
    .slice(0, 16);
}
