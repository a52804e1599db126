import { connect } from 'node:net';

export interface RawReply {
  readonly status: number;
  readonly text: string;
  readonly body: any;
}

/** Sends a request as bytes, header lines as they are: for what a well-behaved client library refuses to send. */
export function rawRequest(url: string, firstLine: string, headers: readonly string[], body = ''): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  const head = [
    firstLine,
    `Host: ${hostname}`,
    'Connection: close',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
  ];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1'));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('error', reject);
    socket.on('end', () => {
      const text = answer.slice(answer.indexOf('\r\n\r\n') + 4);
      let parsed: unknown;
      try {
        parsed = JSON.parse(text);
      } catch {
        parsed = undefined;
      }
      resolve({ status: Number(answer.slice(9, 12)), text, body: parsed });
    });
  });
}
