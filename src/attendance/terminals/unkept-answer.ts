import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../../auth/principal';
import { clientAddress, pathOf } from '../../http/request-target';
import type { Write } from '../../writes/write';

/** Performs a write whose answer must not be kept for repetitions, because it holds a secret or makes none necessary. */
export async function answerUnkept(write: Write, request: FastifyRequest, reply: FastifyReply): Promise<Buffer> {
  const actor = callerOf(request);
  const answer = await write.perform({
    tenantId: actor.tenantId,
    actor,
    requestId: request.id,
    ip: clientAddress(request),
    path: pathOf(request.url),
  });
  void reply.status(answer.status).headers(answer.headers);
  return answer.body;
}
