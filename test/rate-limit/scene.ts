import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { tinyApp } from './tiny-app';

export interface Sent {
  method?: 'GET' | 'POST' | 'DELETE';
  headers?: Record<string, string>;
  body?: unknown;
  /** The address that the trusted proxy saw. */
  from?: string;
}

export interface Answer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly json: Record<string, unknown>;
}

/** For the tests of a file: each starts the server with the quotas that it is about, which ends with it, and asks it over HTTP. */
export function quotaScene() {
  let app: NestFastifyApplication;
  let address: string;
  let proxies: number;
  afterEach(() => app.close());

  const start = async (settings: Record<string, string>, trustedProxies = 1) => {
    proxies = trustedProxies;
    app = await tinyApp(settings, proxies);
    address = await app.getUrl();
  };
  const ask = async (
    url: string,
    { method = 'GET', headers = {}, body, from = '192.0.2.1' }: Sent = {},
  ): Promise<Answer> => {
    const forwarded = proxies > 0 ? [headers['x-forwarded-for'], from].filter(Boolean).join(', ') : undefined;
    const answer = await fetch(address + url, {
      method,
      headers: {
        ...headers,
        ...(forwarded ? { 'x-forwarded-for': forwarded } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
    });
    return {
      statusCode: answer.status,
      headers: Object.fromEntries(answer.headers),
      json: (await answer.json()) as Record<string, unknown>,
    };
  };
  const as = (who: string, from?: string) =>
    ask('/api/me', { headers: { authorization: `Bearer ${who}` }, ...(from ? { from } : {}) });

  return { start, ask, as };
}

/** The statuses of so many requests, one after the other. */
export async function statuses(times: number, one: (i: number) => Promise<Answer>): Promise<number[]> {
  const seen: number[] = [];
  for (let i = 0; i < times; i++) seen.push((await one(i)).statusCode);
  return seen;
}

export const count = (seen: number[], status: number) => seen.filter((one) => one === status).length;
