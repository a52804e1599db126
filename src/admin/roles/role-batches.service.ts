import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { templateNamed } from '../../auth/roles';
import type { Transaction } from '../../database/transaction';
import { UnitOfWork } from '../../database/unit-of-work';
import { withoutNulls } from '../../http/input/without-nulls';
import { Cursors, newestFirst, type PageQuery, shownPage } from '../../http/paging/cursor';
import { notFound, Problem } from '../../http/problems/problem';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { CustomRolesRepository } from './custom/custom-roles.repository';
import { mayGrant, namedRole } from './grants';
import { KnownRoles } from './known-roles';
import type { BatchRoleChange } from './role.schemas';
import { entriesOf, RoleAssigner } from './role-assigner';
import type { RoleAction } from './role-assignments.repository';
import { type RoleBatch, RoleBatchesRepository } from './role-batches.repository';
import { UserFinder } from './user-finder';

const opposite = { assign: 'unassign', unassign: 'assign' } as const;

/** Gives and takes a role of up to five thousand users at once, and undoes that. */
@Injectable()
export class RoleBatchesService {
  constructor(
    private readonly writes: Writes,
    private readonly work: UnitOfWork,
    private readonly roles: KnownRoles,
    private readonly custom: CustomRolesRepository,
    private readonly assigner: RoleAssigner,
    private readonly finder: UserFinder,
    private readonly batches: RoleBatchesRepository,
    private readonly cursors: Cursors,
  ) {}

  /** Names that are nobody in the tenant are counted and change nothing. A dry run answers the same, and changes nothing at all. */
  async change(
    by: Principal,
    action: RoleAction,
    { dryRun, userIds, emails, employeeNumbers, ...body }: BatchRoleChange,
  ): Promise<Write> {
    const named = namedRole(body);
    const role = await this.roles.one(by.tenantId, named);
    mayGrant(by, role, named.pointer, []);
    return this.writes.change(async (tx) => {
      const asked = await this.asked(tx, userIds, emails, employeeNumbers);
      const ids = [...new Set(asked.flatMap(({ id }) => id ?? []))].sort();
      mayGrant(by, role, named.pointer, action === 'assign' ? ids : []);
      const { changed, unchanged, unknownIds } = await this.assigner.change(tx, action, role.name, ids, { dryRun });
      const names = asked.filter(({ id }) => id === undefined).map(({ name }) => name);
      const changedIds = changed.map(({ id }) => id);
      const batchId =
        changed.length > 0 && !dryRun
          ? await this.batches.insert(tx, by.userId, action, role.name, changedIds)
          : undefined;
      const [isChanged, isUnknown] = [new Set(changedIds), new Set(unknownIds)];
      const resultOf = (id: string | undefined) => {
        if (id === undefined || isUnknown.has(id)) return 'unknown';
        return isChanged.has(id) ? 'updated' : 'unchanged';
      };
      return {
        answer: {
          status: 200,
          body: {
            ...(batchId === undefined ? {} : { batchId }),
            dryRun,
            requested: ids.length + names.length,
            updated: changed.length,
            unchanged: unchanged.length,
            unknown: unknownIds.length + names.length,
            unknownIds: fitting(unknownIds, UNKNOWN_BYTES),
            ...listed(
              asked.map(({ name, id }) => {
                const result = resultOf(id);
                return { name, ...(id === undefined || result === 'unknown' ? {} : { userId: id }), result };
              }),
            ),
          },
        },
        audit: dryRun ? 'unchanged' : entriesOf(changed, role.name, action),
        committed: this.assigner.forgetting(by.tenantId, changed),
      };
    });
  }

  /** Takes back what the batch gave, or gives back what it took, where nobody has changed that since. Once: 409 `already_decided`. */
  undo(by: Principal, id: string): Write {
    return this.writes.change(async (tx) => {
      const batch = await this.batches.lock(tx, id);
      if (!batch) throw notFound('batch of roles');
      if (batch.undoneAt) throw new Problem('already_decided', 'This batch is undone already.');
      const role = templateNamed(batch.role) ?? (await this.custom.named(tx, [batch.role]))[0];
      if (!role) throw new Problem('conflict', `The role ${batch.role} has been deleted, so nobody can have it again.`);
      const action = opposite[batch.action];
      const still = batch.action === 'assign' ? await this.batches.stillGiven(tx, id) : undefined;
      const ids = [...batch.userIds].filter((user) => still?.has(user) ?? true).sort();
      mayGrant(by, role, '', action === 'assign' ? ids : []);
      const { changed } = await this.assigner.change(tx, action, role.name, ids);
      const undoneAt = await this.batches.markUndone(tx, id, by.userId);
      const { userIds: _, ...kept } = { ...batch, undoneBy: by.userId, undoneAt };
      return {
        answer: {
          status: 200,
          body: { ...toResponse(kept), reverted: changed.length, kept: batch.changed - changed.length },
        },
        audit: entriesOf(changed, role.name, action, 'rollback'),
        committed: this.assigner.forgetting(by.tenantId, changed),
      };
    });
  }

  async list(by: Principal, query: PageQuery) {
    const scope = { tenantId: by.tenantId, route: 'role-batches', filters: {} };
    const page = await this.cursors.page<RoleBatch>(scope, query, newestFirst, (bounds) =>
      this.work.read(by.tenantId, (tx) => this.batches.page(tx, bounds)),
    );
    return shownPage(page, toResponse);
  }

  /** Each name that was asked for once, with the id of whoever is meant. */
  private async asked(
    tx: Transaction,
    userIds: readonly string[],
    emails: readonly string[],
    employeeNumbers: readonly string[],
  ): Promise<readonly { readonly name: string; readonly id?: string | undefined }[]> {
    const byId = [...new Set(userIds)].map((id) => ({ name: id, id }));
    if (emails.length + employeeNumbers.length === 0) return byId;
    const found = await this.finder.idsOf(tx, emails, employeeNumbers);
    const byEmail = [...new Set(emails)].map((name) => ({ name, id: found.emails.get(name) }));
    const byNumber = [...new Set(employeeNumbers)].map((name) => ({ name, id: found.employeeNumbers.get(name) }));
    return [...byId, ...byEmail, ...byNumber];
  }
}

/** An answer is kept for repetitions, in 64 KiB: of a large batch it lists what fits. */
const RESULT_BYTES = 40_000;
const UNKNOWN_BYTES = 10_000;
const rank = { unknown: 0, unchanged: 1, updated: 2 } as const;

/** What somebody has to look at comes first. */
function listed<R extends { readonly result: keyof typeof rank }>(all: readonly R[]) {
  const results = fitting(
    [...all].sort((a, b) => rank[a.result] - rank[b.result]),
    RESULT_BYTES,
  );
  return { results, resultsLeftOut: all.length - results.length };
}

/** The first of the items, as many as so many bytes of JSON hold. */
function fitting<T>(items: readonly T[], bytes: number): T[] {
  let left = bytes;
  const end = items.findIndex((item) => (left -= Buffer.byteLength(JSON.stringify(item)) + 1) < 0);
  return items.slice(0, end < 0 ? items.length : end);
}

const toResponse = (batch: RoleBatch) => withoutNulls(batch);
