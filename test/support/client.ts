import { randomUUID } from 'node:crypto';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** The body as it came, byte for byte. */
  readonly text: string;
  /** The body as JSON, or undefined. */
  readonly body: any;
}

export interface RequestOptions {
  readonly key?: string;
  readonly headers?: Record<string, string>;
  readonly query?: Record<string, string | number>;
}

/** Somebody who talks to the API over real HTTP, with or without a token. */
export class Client {
  constructor(
    readonly url: string,
    readonly token?: string,
  ) {}

  /** The same caller, signed in with another token. */
  with(token: string): Client {
    return new Client(this.url, token);
  }

  get(path: string, options: RequestOptions = {}): Promise<Reply> {
    return this.request('GET', path, undefined, options);
  }

  post(path: string, body: unknown = {}, options: RequestOptions = {}): Promise<Reply> {
    return this.request('POST', path, body, options);
  }

  put(path: string, body: unknown, options: RequestOptions = {}): Promise<Reply> {
    return this.request('PUT', path, body, options);
  }

  patch(path: string, body: unknown, options: RequestOptions = {}): Promise<Reply> {
    return this.request('PATCH', path, body, options);
  }

  delete(path: string, body?: unknown, options: RequestOptions = {}): Promise<Reply> {
    return this.request('DELETE', path, body, options);
  }

  async request(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Reply> {
    const query = options.query
      ? `?${new URLSearchParams(Object.entries(options.query).map(([k, v]): [string, string] => [k, String(v)])).toString()}`
      : '';
    const response = await fetch(this.url + path + query, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(options.key === undefined ? {} : { 'idempotency-key': options.key }),
        ...options.headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: json ? (JSON.parse(text) as unknown) : undefined,
    };
  }
}

/** A fresh idempotency key. */
export const aKey = (): string => randomUUID();
