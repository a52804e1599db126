import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { adoptOrphan } from './orphan';
import { isAlive } from './processes';
import { send, type Server, stopServer } from './server-process';
import type { StartRequest } from './start-request';
import { startServer } from './start-server';

/** How often a server that is not our child process is checked: its end sends us no event. */
const LOOK_MS = 500;
/** Pauses between attempts to start it again, in milliseconds: the children of a killed server may need a moment to go. */
const pauses = [200, 500, 1000, 2000, 5000, 10_000];

/** Keeps the server of a data directory running until stop(). A server that dies is started again on the same port. */
export class Supervisor {
  private readonly over = new AbortController();
  private readonly look: NodeJS.Timeout;
  private alive = true;
  private reviving: Promise<void> = Promise.resolve();
  private stopped: Promise<void> | undefined;

  /** Of a server that was just started or found; call died() when it ends. */
  constructor(
    private readonly request: StartRequest,
    private server: Server,
  ) {
    this.look = setInterval(() => {
      if (this.alive && !isAlive(this.server.pid)) this.died('it is gone');
    }, LOOK_MS).unref();
    process.once('exit', this.interrupt);
  }

  /** The server has ended; heard more than once of the same end, it is one. */
  died(how: string): void {
    if (!this.alive || this.over.signal.aborted) return;
    this.alive = false;
    const { log, dataDir } = this.request;
    log(
      `PostgreSQL (pid ${this.server.pid}) ended unexpectedly: ${how}; see ${join(dataDir, 'postgres.log')}. Starting it again`,
    );
    this.reviving = this.revive();
  }

  /** Stops the server; repeated calls are harmless. */
  stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  private async end(): Promise<void> {
    this.over.abort();
    clearInterval(this.look);
    process.off('exit', this.interrupt);
    await this.reviving;
    if (this.alive) await stopServer(this.server, this.request.runtime.binaries);
  }

  private async revive(): Promise<void> {
    const { signal } = this.over;
    for (let attempt = 0; ; attempt++) {
      const pause = pauses[Math.min(attempt, pauses.length - 1)] ?? LOOK_MS;
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        this.server = await this.startAgain();
        this.alive = true;
        this.request.log(`PostgreSQL (pid ${this.server.pid}) is back on port ${this.server.port}`);
        return;
      } catch (error) {
        this.request.log(
          `PostgreSQL cannot be started again yet: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }

  /** Those who are connected know the port, so no other one will do. */
  private async startAgain(): Promise<Server> {
    const { port } = this.server;
    const request = { ...this.request, port };
    const orphan = await adoptOrphan(request);
    const { server } =
      orphan ??
      (await startServer(request, (how) => {
        this.died(how);
      }));
    if (server.port === port) return server;
    await stopServer(server, request.runtime.binaries);
    throw new Error(`port ${port} is taken by another process`);
  }

  /** Who leaves without stop(), through process.exit or an uncaught error, still takes the server along. */
  private readonly interrupt = (): void => {
    if (this.alive) send(this.server.pid, 'INT', this.request.runtime.binaries);
  };
}
