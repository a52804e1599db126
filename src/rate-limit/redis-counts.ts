import type { OnApplicationShutdown } from '@nestjs/common';
import type { Count, Counted, SharedCounts } from './shared-counts';

/** What of the client is used here. Its package is loaded only where REDIS_URL is set: no other process carries it in its memory. */
interface RedisClient {
  on(event: 'error', listener: () => void): unknown;
  connect(): Promise<unknown>;
  evalSha(hash: string, options: ScriptCall): Promise<unknown>;
  eval(script: string, options: ScriptCall): Promise<unknown>;
  scriptLoad(script: string): Promise<string>;
  destroy(): void;
}
interface ScriptCall {
  readonly keys: string[];
  readonly arguments: string[];
}
interface RedisLibrary {
  createClient(options: object): RedisClient;
}

const LIBRARY: string = '@redis/client';
/** In braces, so that all keys of a question lie on one server of a cluster. */
const PREFIX = '{rollcall:quotas}:';
const LONGEST_PAUSE_MS = 2000;

/**
 * The same as the statement of PostgresCounts, by the clock of Redis. A script runs alone, so that what it reads is what it changes. A key
 * lives for as long as anything of it is used.
 */
const script = `
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local answers = {}
for i = 1, #KEYS do
  local amount, most, rate = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  local known = redis.call('HMGET', KEYS[i], 'used', 'at')
  local used = math.max(0, (tonumber(known[1] or 0)) - math.max(0, now - tonumber(known[2] or now)) * rate)
  local granted = math.min(amount, math.max(0, math.floor(most - used + 0.000001)))
  used = math.max(0, used + granted)
  if used > 0 then
    redis.call('HSET', KEYS[i], 'used', string.format('%.6f', used), 'at', string.format('%.6f', now))
    redis.call('PEXPIRE', KEYS[i], math.ceil(used / rate * 1000) + 1000)
  else
    redis.call('DEL', KEYS[i])
  end
  answers[2 * i - 1], answers[2 * i] = string.format('%.6f', used), string.format('%d', granted)
end
return answers`;

/** The counts in Redis: one call of a script for many keys. While it is away calls fail at once, and the client connects again by itself. */
export class RedisCounts implements SharedCounts, OnApplicationShutdown {
  private client: RedisClient | undefined;
  private hash: string | undefined;

  constructor(private readonly url: string) {}

  async count(counts: readonly Count[]): Promise<ReadonlyMap<string, Counted>> {
    const client = this.client ?? (await this.open());
    const answers = await this.run(client, {
      keys: counts.map(({ key }) => PREFIX + key),
      arguments: counts.flatMap(({ amount, most, perSecond }) => [amount, most, perSecond].map(String)),
    });
    return new Map(
      counts.map(({ key }, index) => [
        key,
        { used: Number(answers[2 * index]), granted: Number(answers[2 * index + 1]) },
      ]),
    );
  }

  onApplicationShutdown(): void {
    this.client?.destroy();
    this.client = undefined;
  }

  private async open(): Promise<RedisClient> {
    const library = (await import(LIBRARY)) as RedisLibrary;
    if (this.client) return this.client; // somebody else was faster
    const client = library.createClient({
      url: this.url,
      disableOfflineQueue: true,
      socket: {
        connectTimeout: 3000,
        reconnectStrategy: (tries: number) => Math.min(50 * 2 ** tries, LONGEST_PAUSE_MS),
      },
    });
    client.on('error', () => undefined); // whoever counts hears of it
    this.client = client;
    client.connect().catch(() => undefined);
    return client;
  }

  /** Redis forgets scripts when it starts. */
  private async run(client: RedisClient, call: ScriptCall): Promise<readonly unknown[]> {
    this.hash ??= await client.scriptLoad(script);
    const answer = await client.evalSha(this.hash, call).catch((error: unknown) => {
      if (String(error).includes('NOSCRIPT')) return client.eval(script, call);
      throw error;
    });
    if (!Array.isArray(answer)) throw new Error('Redis answered the script of the quotas with something else');
    return answer as readonly unknown[];
  }
}
