import { Inject, Injectable } from '@nestjs/common';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Counter } from 'prom-client';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Config } from '../config/config';
import { CONFIG } from '../config/config.module';
import { statement } from '../database/statement';
import type { Transaction } from '../database/transaction';
import { Problem } from '../http/problems/problem';
import type { KeyedRequest } from './keyed-request';

/** An answer as it is stored: what a repetition gets back, byte for byte. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the store knows of a key. */
export type Claim =
  | { readonly state: 'mine' }
  /** Another request holds it, in this process or another. */
  | { readonly state: 'busy' }
  | { readonly state: 'answered'; readonly answer: StoredAnswer }
  | { readonly state: 'reused' };

interface KeyOfTenant {
  readonly tenantId: string;
  readonly key: KeyedRequest;
}

interface StoredRow extends Record<string, unknown> {
  n: string;
  fingerprint: Buffer;
  status: number;
  headers: string;
  body: Buffer;
  packed: boolean;
}

// Try-locks: a repetition that meets the first request does not wait inside the database, so waiting costs no connection.
// They end with the transaction; a process that dies takes them along.
const lock = statement(
  'keys.lock',
  'SELECT k.n, pg_try_advisory_xact_lock(k.id) AS mine FROM unnest($1::bigint[]) WITH ORDINALITY k (id, n)',
);
// A statement of its own: its snapshot is taken after the locks, so what their last holder committed is seen.
export const find = statement(
  'keys.find',
  `SELECT k.n, i.* FROM unnest($1::uuid[], $2::bytea[]) WITH ORDINALITY k (tenant_id, scope, n)
   CROSS JOIN LATERAL (SELECT i.fingerprint, i.status, i.headers, i.body, i.packed FROM idempotency_keys i
     WHERE i.tenant_id = k.tenant_id AND i.scope = k.scope AND i.expires_at > now() LIMIT 1) i`,
);
const store = statement(
  'keys.store',
  `INSERT INTO idempotency_keys (tenant_id, scope, fingerprint, status, headers, body, packed, expires_at)
   SELECT k.*, now() + $8::interval
     FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::smallint[], $5::text[], $6::bytea[], $7::boolean[]) k
   ON CONFLICT (tenant_id, scope) DO UPDATE SET fingerprint = EXCLUDED.fingerprint, status = EXCLUDED.status,
     headers = EXCLUDED.headers, body = EXCLUDED.body, packed = EXCLUDED.packed, created_at = now(), expires_at = EXCLUDED.expires_at
   WHERE idempotency_keys.expires_at <= now()`,
);

const LARGEST_BODY = 65_536;
const PACKED_FROM = 4096;

/** The table of keys. Takes lists, so that one write and a group of them are the same statements. */
@Injectable()
export class KeyStore {
  private readonly lifetime: string;

  constructor(
    @InjectMetric('idempotency_errors_total') private readonly failures: Counter<'op'>,
    @Inject(CONFIG) config: Config,
  ) {
    for (const op of ['claim', 'store']) failures.inc({ op }, 0);
    this.lifetime = `${config.IDEMPOTENCY_TTL_HOURS} hours`;
  }

  /** Claims keys until the end of the transaction. Sends at once; the answers come in the order of the claims. */
  async claim(tx: Transaction, claims: readonly KeyOfTenant[]): Promise<Claim[]> {
    if (claims.length === 0) return [];
    const locks = tx.rows<{ n: string; mine: boolean }>(lock, [
      claims.map(({ key }) => String(key.scope.readBigInt64BE(0))),
    ]);
    const stored = tx.rows<StoredRow>(find, [claims.map((c) => c.tenantId), claims.map((c) => c.key.scope)]);
    stored.catch(() => {
      this.failures.inc({ op: 'claim' });
    });
    const mine = new Set((await locks).filter((row) => row.mine).map((row) => Number(row.n) - 1));
    const known = new Map((await stored).map((row) => [Number(row.n) - 1, row]));
    return claims.map(({ key }, index): Claim => {
      const row = known.get(index);
      if (row)
        return row.fingerprint.equals(key.fingerprint)
          ? { state: 'answered', answer: unpacked(row) }
          : { state: 'reused' };
      return { state: mine.has(index) ? 'mine' : 'busy' };
    });
  }

  /** Stores the answers of claimed keys. Sends and does not wait; the transaction reports a failure. */
  store(tx: Transaction, stored: readonly (KeyOfTenant & { readonly answer: StoredAnswer })[]): Promise<void> {
    const bodies = stored.map(({ answer }) => packed(answer.body));
    const rows = tx.run(store, [
      stored.map((k) => k.tenantId),
      stored.map((k) => k.key.scope),
      stored.map((k) => k.key.fingerprint),
      stored.map((k) => k.answer.status),
      stored.map((k) => JSON.stringify(k.answer.headers)),
      bodies.map((b) => b.bytes),
      bodies.map((b) => b.packed),
      this.lifetime,
    ]);
    const checked = rows.then((count) => {
      // Only a live row of the same key can be in the way, and the claim excludes it: never commit a second effect.
      if (count !== stored.length) throw new Error('An idempotency key was taken while its claim was held');
    });
    checked.catch(() => {
      this.failures.inc({ op: 'store' });
    });
    return checked;
  }
}

function packed(body: Buffer): { bytes: Buffer; packed: boolean } {
  if (body.length < PACKED_FROM) return { bytes: body, packed: false };
  const bytes = deflateRawSync(body);
  if (bytes.length > LARGEST_BODY) {
    throw new Problem('answer_too_large', 'The answer is too large to be kept for repetitions. Ask for less at once.');
  }
  return { bytes, packed: true };
}

function unpacked(row: StoredRow): StoredAnswer {
  return {
    status: row.status,
    headers: JSON.parse(row.headers) as Record<string, string>,
    body: row.packed ? inflateRawSync(row.body) : row.body,
  };
}
