import { Injectable } from '@nestjs/common';
import { apiKeyHash, newApiKey } from '../../auth/api-key';
import type { Permission, Principal } from '../../auth/principal';
import { PrincipalDirectory } from '../../auth/principal-directory';
import type { Transaction } from '../../database/transaction';
import { validationFailed } from '../../http/input/schema.pipe';
import { withoutNulls } from '../../http/input/without-nulls';
import { byId } from '../../http/paging/cursor';
import { Problem } from '../../http/problems/problem';
import { ResourceService } from '../../writes/resource.service';
import type { Outcome, Write } from '../../writes/write';
import type { ApiKey } from './api-key.entity';
import type { ApiKeyBody, ApiKeyPatch, ApiKeyQuery, ApiKeyRotation } from './api-key.schemas';
import { KeptKeysRepository } from './api-keys.repository';

function toResponse({ tenantId: _, secretHash: _secret, formerHash: _former, formerUntil, ...key }: ApiKey) {
  const now = Date.now();
  const isExpired = key.expiresAt !== null && key.expiresAt.getTime() <= now;
  const status = key.revokedAt ? ('revoked' as const) : isExpired ? ('expired' as const) : ('active' as const);
  const overlap = formerUntil && formerUntil.getTime() > now ? formerUntil : null;
  return withoutNulls({ ...key, status, formerUntil: overlap });
}
type Shown = ReturnType<typeof toResponse>;

const toAudit = ({
  name,
  prefix,
  permissions,
  orgUnitId,
  allowedNetworks,
  expiresAt,
  formerUntil,
  revokedAt,
}: Shown) => ({
  name,
  prefix,
  permissions,
  orgUnitId,
  allowedNetworks,
  expiresAt,
  formerUntil,
  revokedAt,
});

/**
 * The API keys of a tenant. What is revoked or changed holds in this process with the answer (`forget`), and in the others once they hear
 * of it. Only people come here: no write of these routes is open to keys.
 */
@Injectable()
export class ApiKeysService extends ResourceService<ApiKey, Shown, ApiKeyQuery> {
  constructor(
    private readonly keys: KeptKeysRepository,
    private readonly directory: PrincipalDirectory,
  ) {
    super(keys, { entity: 'api_key', path: '/api/api-keys', order: byId, toResponse, toAudit });
  }

  /** The answer holds the key: only the caller may see it, and it is stored nowhere. */
  create(by: Principal, { expiresAt, orgUnitId, ...body }: ApiKeyBody): Write {
    mustHold(by, body.permissions);
    mustFit(body.permissions, orgUnitId);
    const { key, ...secret } = freshSecret();
    return this.writes.change(async (tx) => {
      const values = {
        ...body,
        ...secret,
        orgUnitId: orgUnitId ?? null,
        expiresAt: expiry(expiresAt),
        holders: [by.userId],
      };
      // What the database fills in by itself is not there yet.
      const made = toResponse(await this.keys.get(tx, (await this.keys.insert(tx, values, by.userId)).id));
      return {
        answer: { status: 201, body: { ...made, key }, location: `/api/api-keys/${made.id}`, version: made.version },
        audit: [this.entry('create', undefined, made)],
      };
    });
  }

  update(by: Principal, id: string, { expiresAt, ...patch }: ApiKeyPatch, expectedVersion?: number): Write {
    return this.changed(by, id, expectedVersion, (row) => {
      const permissions = patch.permissions ?? row.permissions;
      mustHold(
        by,
        permissions.filter((permission) => !row.permissions.includes(permission)),
      );
      mustFit(permissions, patch.orgUnitId === undefined ? row.orgUnitId : patch.orgUnitId);
      return { ...patch, ...(expiresAt === undefined ? {} : { expiresAt: expiry(expiresAt) }) };
    });
  }

  /** A new secret for the same key, shown once; that of before opens for a while, and one from before that no longer. */
  rotate(by: Principal, id: string, { overlapSeconds }: ApiKeyRotation, expectedVersion?: number): Write {
    const { key, ...secret } = freshSecret();
    return this.changed(
      by,
      id,
      expectedVersion,
      (row) => {
        mustHold(by, row.permissions); // whoever is shown the secret can use all of them
        const former =
          overlapSeconds === 0
            ? { formerHash: null, formerUntil: null }
            : { formerHash: row.secretHash, formerUntil: new Date(Date.now() + overlapSeconds * 1000) };
        return { ...secret, ...former, holders: [...new Set([...row.holders, by.userId])] };
      },
      { key },
    );
  }

  /** Revokes it. The row stays, with everything that it did. */
  override remove(by: Principal, id: string, expectedVersion?: number): Write {
    return this.writes.change(async (tx) => {
      const before = await this.unrevoked(tx, by, id, expectedVersion);
      const after = await this.keys.update(tx, before, { revokedAt: new Date(), formerHash: null, formerUntil: null });
      const [shown, revoked] = [toResponse(before), toResponse(after)];
      return {
        answer: { status: 200, body: revoked, version: revoked.version },
        audit: [this.entry('delete', shown)],
        committed: this.forgetting(by, id),
      };
    });
  }

  private changed(
    by: Principal,
    id: string,
    expectedVersion: number | undefined,
    valuesOf: (row: ApiKey) => Parameters<KeptKeysRepository['update']>[2],
    more: object = {},
  ): Write {
    return this.writes.change(async (tx): Promise<Outcome> => {
      const row = await this.unrevoked(tx, by, id, expectedVersion);
      const after = toResponse(await this.keys.update(tx, row, valuesOf(row)));
      return {
        answer: { status: 200, body: { ...after, ...more }, version: after.version },
        audit: [this.entry('update', toResponse(row), after)],
        committed: this.forgetting(by, id),
      };
    });
  }

  private async unrevoked(tx: Transaction, by: Principal, id: string, expectedVersion?: number): Promise<ApiKey> {
    const row = await this.locked(tx, by, id, expectedVersion);
    if (row.revokedAt) throw new Problem('conflict', 'This API key is revoked and stays so. Create another one.');
    return row;
  }

  private readonly forgetting =
    ({ tenantId }: Principal, id: string) =>
    () => {
      this.directory.forget(tenantId, id);
    };
}

function freshSecret() {
  const { key, prefix } = newApiKey();
  return { key, prefix, secretHash: Buffer.from(apiKeyHash(key), 'hex') };
}

/** Nobody gives a key what they do not hold themselves. */
function mustHold(by: Principal, permissions: readonly Permission[]): void {
  const beyond = permissions.filter((permission) => !by.permissions.has(permission));
  if (beyond.length === 0) return;
  throw new Problem(
    'permission_not_grantable',
    `You do not hold ${beyond.join(', ')}: you may pass on what you hold.`,
    {
      errors: [{ pointer: '/permissions', code: 'permission_not_grantable', detail: 'is beyond what you hold' }],
    },
  );
}

/** These two see the whole tenant: a unit beside them would promise a limit that there is not. */
function mustFit(permissions: readonly Permission[], orgUnitId: string | null | undefined): void {
  const wide = permissions.find((each) => each === 'attendance:admin' || each === 'attendance:payroll');
  if (!orgUnitId || !wide) return;
  const detail = `limits nothing beside ${wide}, which reaches the whole tenant; leave one of the two out`;
  throw validationFailed([{ pointer: '/orgUnitId', code: 'custom', detail }]);
}

function expiry(text: string | null): Date | null {
  if (text === null) return null;
  if (Date.parse(text) > Date.now()) return new Date(text);
  throw validationFailed([{ pointer: '/expiresAt', code: 'too_small', detail: 'must lie ahead; null is never' }]);
}
