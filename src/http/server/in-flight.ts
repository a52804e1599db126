import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';

/** A request that is being served, and since when (performance.now()). */
interface Pending {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly since: number;
  /** What waits for the end of it. */
  readonly upon: (() => void)[];
}

/**
 * The requests that are being served, oldest first. They are kept by connection as well: when a client that pipelines goes away, the
 * answers that were still queued never finish, and a count that waited for them would creep up until nothing is admitted.
 */
export class InFlight {
  private readonly pending = new Map<FastifyRequest, Pending>();
  private readonly open = new WeakMap<Socket, Set<FastifyRequest>>();

  get count(): number {
    return this.pending.size;
  }

  enter(request: FastifyRequest, reply: FastifyReply): void {
    const { socket } = request.raw;
    let connection = this.open.get(socket);
    if (!connection) {
      const fresh = new Set<FastifyRequest>();
      connection = fresh;
      this.open.set(socket, fresh);
      socket.once('close', () => {
        for (const left of fresh) this.end(left);
        fresh.clear();
      });
    }
    connection.add(request);
    this.pending.set(request, { request, reply, since: performance.now(), upon: [] });
  }

  /** Calls `done` once the request is answered or its client is gone; at once where that has happened. */
  uponLeaving(request: FastifyRequest, done: () => void): void {
    const pending = this.pending.get(request);
    if (pending) pending.upon.push(done);
    else done();
  }

  leave(request: FastifyRequest): void {
    this.end(request);
    this.open.get(request.raw.socket)?.delete(request);
  }

  /** Counts its time from now on: until here it was the client who took it. */
  restart(pending: Pending): void {
    this.pending.delete(pending.request);
    this.pending.set(pending.request, { ...pending, since: performance.now() });
  }

  /** Those that came before `instant`, oldest first. */
  *before(instant: number): Generator<Pending, void, undefined> {
    for (const entry of this.pending.values()) {
      if (entry.since > instant) return;
      yield entry;
    }
  }

  /** How long the oldest of them has been waiting for the first byte of its answer, in milliseconds; 0 when none waits. */
  longestWait(): number {
    const now = performance.now();
    for (const { reply, since } of this.before(now)) if (!reply.raw.headersSent) return now - since;
    return 0;
  }

  private end(request: FastifyRequest): void {
    const pending = this.pending.get(request);
    this.pending.delete(request);
    for (const done of pending?.upon ?? []) done();
  }
}
