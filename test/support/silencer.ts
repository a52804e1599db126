import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { readdirSync, readFileSync } from 'node:fs';

/** Stands between a server and its database, and can stop passing on what is said over connections that are open. */
export interface Silencer {
  /** The address of the database, through here. */
  through(url: string): string;
  /** Nothing more passes over the connections that are open now; nobody is told. New ones pass. Answers how many there were. */
  silence(): number;
  close(): Promise<void>;
}

/** What a failover or a forgetful NAT does to established connections. */
export async function silencer(databaseUrl: string): Promise<Silencer> {
  const target = new URL(databaseUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  const proxy = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = () => {
      near.destroy();
      far.destroy();
      pairs.delete(pair);
    };
    for (const socket of pair) socket.on('error', end).on('close', end);
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  return {
    through(url) {
      const address = new URL(url);
      address.hostname = '127.0.0.1';
      address.port = String(port);
      return address.href;
    },
    silence() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
      }
      return pairs.size;
    },
    async close() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    },
  };
}

/** Sends a signal to a PostgreSQL and to all that it has started: stopping the first alone would leave its connections alive. */
export function signalPostgres(postmaster: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster)
    .map(Number);
  for (const pid of [postmaster, ...children]) process.kill(pid, signal);
}

function parentOf(pid: string): number | undefined {
  try {
    return Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined; // it has ended since it was listed
  }
}
