// A client on a bad network: it repeats what it need not repeat, and loses connections after it has sent its request.
const http = require('node:http');

class Caller {
  constructor(url, token, chaos) {
    this.url = new URL(url);
    this.token = token;
    this.chaos = chaos; // { chance, twice, cut, counts }
    this.agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  }

  /** One request; `cut` destroys the connection once the request is out, so that its answer is lost. */
  once(method, path, body, key, cut = false) {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const request = http.request(
        new URL(path, this.url),
        {
          method,
          agent: cut ? undefined : this.agent,
          headers: {
            ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
            ...(payload === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
            ...(key ? { 'idempotency-key': key } : {}),
          },
        },
        (reply) => {
          let text = '';
          reply.setEncoding('utf8');
          reply.on('data', (chunk) => (text += chunk));
          reply.on('end', () => resolve({ status: reply.statusCode, headers: reply.headers, text }));
          reply.on('error', reject);
        },
      );
      request.on('error', reject);
      request.end(payload, () => {
        if (cut) setTimeout(() => request.destroy(new Error('cut')), this.chaos.chance() * 8);
      });
    });
  }

  /** Until there is an answer that counts: lost connections, 429, 503 and "still running" are tried again, with the same key. */
  async until(method, path, body, key, cut = false) {
    for (let attempt = 1; ; attempt++) {
      const reply = await this.once(method, path, body, key, cut && attempt === 1).catch(() => undefined);
      const later =
        reply && (reply.status === 429 || reply.status === 503 || /idempotency_key_in_use/.test(reply.text));
      if (reply && !later)
        return {
          ...reply,
          body: /json/.test(reply.headers['content-type'] ?? '') ? JSON.parse(reply.text) : undefined,
        };
      if (attempt === 30) throw new Error(`${method} ${path} was never answered`);
      if (later) await new Promise((resolve) => setTimeout(resolve, Number(reply.headers['retry-after'] ?? 1) * 1000));
    }
  }

  get(path) {
    return this.until('GET', path);
  }

  /** A keyed write under bad conditions. A repetition must answer what the first one answered, byte for byte. */
  async write(path, body, key) {
    const { chance, twice, cut, counts } = this.chaos;
    counts.told++;
    const lose = chance() < cut;
    if (lose) counts.cut++;
    const first = this.until('POST', path, body, key, lose);
    if (chance() >= twice) return first;
    counts.repeated++;
    const replies = await Promise.all([
      first,
      chance() < 0.5 ? this.until('POST', path, body, key) : first.then(() => this.until('POST', path, body, key)),
    ]);
    if (replies[0].text !== replies[1].text)
      throw new Error(`Two answers to one key: ${replies[0].text} and ${replies[1].text}`);
    return replies[0];
  }
}

module.exports = { Caller };
