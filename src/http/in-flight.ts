import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';

/**
 * Counts the requests that are being served. The count is kept by connection: when a client that pipelines goes away, the
 * answers that were still queued never finish, and a counter that waited for them would creep up until nothing is admitted.
 */
export class InFlight {
  private total = 0;
  private readonly open = new WeakMap<Socket, { requests: number }>();

  get count(): number {
    return this.total;
  }

  enter(request: FastifyRequest): void {
    const { socket } = request.raw;
    let connection = this.open.get(socket);
    if (!connection) {
      const fresh = { requests: 0 };
      connection = fresh;
      this.open.set(socket, fresh);
      socket.once('close', () => {
        this.total -= fresh.requests;
        fresh.requests = 0;
      });
    }
    connection.requests++;
    this.total++;
  }

  leave(request: FastifyRequest): void {
    const connection = this.open.get(request.raw.socket);
    if (!connection || connection.requests === 0) return;
    connection.requests--;
    this.total--;
  }
}
