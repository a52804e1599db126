import { ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { limits } from '../request/limits';
import { Problem } from '../problems/problem';
import { problemBytes, problemHeaders } from '../problems/problem-answer';
import { securityHeaders } from './security-headers';

/** What Node's parser reports of bytes that are no request: its code, and the bytes that it choked on. */
interface ParserError extends Error {
  readonly code?: string;
  readonly rawPacket?: unknown;
}

/**
 * Answers what never became a request, and closes: after a framing error nobody knows where the next request begins, and
 * guessing is how requests are smuggled past a proxy (two lengths, a length and an encoding, an unknown encoding).
 */
export function answerClientError(error: ParserError, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable || answerUnderWay(socket)) {
    socket.destroy();
    return;
  }
  answerRaw(socket, problemFor(error));
}

/** CONNECT would make us a proxy. Node hands it over as a bare socket, outside of all routing. */
export function refuseConnect(socket: Duplex): void {
  answerRaw(socket, new Problem('not_implemented', 'CONNECT is not offered here.'));
}

function answerRaw(socket: Duplex, problem: Problem): void {
  const requestId = uuidv7();
  const body = problemBytes(problem, '/', requestId);
  const headers = Object.entries({
    ...securityHeaders,
    'cache-control': 'no-store',
    ...problemHeaders(problem),
    'x-request-id': requestId,
    'x-correlation-id': requestId,
    'content-length': String(Buffer.byteLength(body)),
    date: new Date().toUTCString(),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const reason = STATUS_CODES[problem.status] ?? 'Error';
  socket.end(`HTTP/1.1 ${problem.status} ${reason}\r\n${headers.join('')}\r\n${body}`, () => socket.destroy());
}

/**
 * Bytes written now would land in the middle of an answer that is being sent for an earlier request of the connection.
 * Node keeps that answer where its own handler looks for it, under a name that it does not document.
 */
function answerUnderWay(socket: Duplex): boolean {
  const answer: unknown = Reflect.get(socket, '_httpMessage');
  return answer instanceof ServerResponse && answer.headersSent;
}

function problemFor(error: ParserError): Problem {
  const firstLine = Buffer.isBuffer(error.rawPacket)
    ? error.rawPacket.subarray(0, limits.uriBytes + 32).toString('latin1')
    : '';
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return firstLine.includes('\n')
        ? new Problem('headers_too_large', `The headers are larger than ${limits.headerBytes} bytes.`)
        : new Problem('uri_too_long', `The address is longer than ${limits.uriBytes} bytes.`);
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('request_timeout', 'The request did not arrive in time.');
    case 'HPE_INVALID_METHOD':
      if (/^[\w!#$%&'*+.^`|~-]{1,32} \S+ HTTP\/1\.[01]\r?\n/.test(firstLine))
        return new Problem('not_implemented', 'This method is not known here.');
  }
  return new Problem('bad_request', 'The request is not valid HTTP/1.1.');
}
