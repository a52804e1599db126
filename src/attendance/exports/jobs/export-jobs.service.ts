import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Principal } from '../../../auth/principal';
import { PrincipalDirectory } from '../../../auth/principal-directory';
import type { Transaction } from '../../../database/transaction';
import { UnitOfWork } from '../../../database/unit-of-work';
import { mustNotEndBeforeItBegins } from '../../../http/input/spans';
import { Cursors, newestFirst, shownPage } from '../../../http/paging/cursor';
import { notFound, Problem } from '../../../http/problems/problem';
import { inNetworks } from '../../../http/request/ip-networks';
import type { Write } from '../../../writes/write';
import { Writes } from '../../../writes/writes';
import type { ExportQuery } from '../export.schemas';
import { ExportEvidence, type ExportOrigin } from '../../../audit/ledger/export-evidence';
import { exportReach, exportToAudit } from '../exports.service';
import { impatient } from '../../files/impatient';
import { DownloadLinks, expired } from './download-link';
import { type ExportJobRow, shownExportJob } from './export-job';
import type { ExportJobQuery } from './export-job.schemas';
import { ExportJobsRepository } from './export-jobs.repository';
import { ExportWorker } from './export-worker';

/** Of a tenant at once: they are made one after the other, and a hundred would only wait. */
const MOST_WAITING = 20;
const PATIENCE_MS = 60_000;

/** The file of a job, on its way. */
interface OpenedFile {
  readonly stream: Readable;
  readonly job: ExportJobRow;
}

/** Exports that are made while nobody waits, and fetched by a link. Everybody sees their own, administrators all of the tenant. */
@Injectable()
export class ExportJobsService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly writes: Writes,
    private readonly jobs: ExportJobsRepository,
    private readonly worker: ExportWorker,
    private readonly links: DownloadLinks,
    private readonly directory: PrincipalDirectory,
    private readonly evidence: ExportEvidence,
    private readonly cursors: Cursors,
  ) {}

  create(by: Principal, query: ExportQuery): Write {
    mustNotEndBeforeItBegins(query, query, '/');
    return this.writes.change(async (tx) => {
      if ((await this.jobs.unfinished(tx)) >= MOST_WAITING) throw tooMany();
      const job = await this.jobs.insert(tx, uuidv7(), query, by.userId);
      const location = `/api/attendance/export/jobs/${job.id}`;
      return {
        answer: { status: 202, body: this.shown(by.tenantId, job), location },
        audit: [{ entity: 'export', action: 'create', entityId: job.id, ...exportToAudit(query) }],
        committed: () => {
          this.worker.wake();
        },
      };
    });
  }

  async get(by: Principal, id: string): Promise<Record<string, unknown>> {
    const job = await this.work.read(by.tenantId, (tx) => this.jobs.find(tx, id));
    return this.shown(by.tenantId, theirs(by, job));
  }

  async page(by: Principal, { limit, cursor }: ExportJobQuery) {
    const scope = { tenantId: by.tenantId, route: 'export jobs', filters: { by: by.userId } };
    const whose = seesAll(by) ? null : by.userId;
    const page = await this.cursors.page(scope, { limit, cursor }, newestFirst, (bounds) =>
      this.work.read(by.tenantId, (tx) => this.jobs.page(tx, whose, bounds)),
    );
    return shownPage(page, (job) => this.shown(by.tenantId, job));
  }

  /** Stops a job that is under way, and removes the file of one that is done: its link is dead from then on. */
  cancel(by: Principal, id: string): Write {
    return this.writes.change(async (tx) => {
      const before = theirs(by, await this.jobs.lock(tx, id));
      if (before.status === 'cancelled') throw cancelledAlready();
      await this.jobs.settle(tx, id, null, { status: 'cancelled' });
      await this.jobs.drop(tx, id);
      const after = (await this.jobs.find(tx, id)) ?? before;
      return {
        answer: { status: 200, body: this.shown(by.tenantId, after) },
        audit: [
          {
            entity: 'export',
            action: 'cancel',
            entityId: id,
            before: { status: before.status },
            after: { status: after.status },
          },
        ],
      };
    });
  }

  /**
   * What a link stands for, as long as whoever asked for it may see all that the file holds, from a network of the tenant. Who follows a link is not known, so
   * the evidence names who asked for the export, and the address that the file went to.
   */
  async open(link: string, origin: ExportOrigin): Promise<OpenedFile> {
    const { tenantId, jobId } = this.links.read(link);
    const job = await this.work.read(tenantId, (tx) => this.jobs.find(tx, jobId));
    if (job?.status !== 'completed') throw job ? expired() : notFound('export file');
    const owner = await this.directory.find(tenantId, job.created_by);
    if (!owner || !maySeeStill(owner, job)) throw notFound('export file');
    for (const networks of [owner.allowedNetworks, owner.key?.networks ?? []]) {
      if (networks.length === 0 || inNetworks(origin.ip, networks)) continue;
      throw new Problem(
        'IP_RESTRICTED',
        'This file is fetched only from the networks in the settings of its tenant, and of the API key that asked for it.',
      );
    }
    await this.evidence.record(tenantId, job.created_by, origin, {
      entity: 'export',
      action: 'export',
      entityId: job.id,
      after: { download: 'link', fileName: job.file_name, sha256: job.sha256 },
    });
    return { stream: impatient(this.pieces(tenantId, job), PATIENCE_MS), job };
  }

  private async *pieces(tenantId: string, { id, token }: ExportJobRow): AsyncGenerator<Buffer> {
    for (let n = 0; ; n += 1) {
      const piece = await this.work.read(tenantId, (tx: Transaction) => this.jobs.piece(tx, id, token, n));
      if (!piece) return;
      yield piece;
    }
  }

  private shown(tenantId: string, job: ExportJobRow): Record<string, unknown> {
    return shownExportJob(job, job.status === 'completed' ? this.links.to(tenantId, job) : undefined);
  }
}

const seesAll = (by: Principal) => by.permissions.has('attendance:admin');

/** A right that was lost ends its links, and so does a smaller one. */
function maySeeStill(owner: Principal, job: ExportJobRow): boolean {
  const reach = exportReach(owner);
  return reach !== undefined && (reach.unitId === null || reach.unitId === job.unit_id);
}

function theirs(by: Principal, job: ExportJobRow | undefined): ExportJobRow {
  if (!job || (job.created_by !== by.userId && !seesAll(by))) throw notFound('export job');
  return job;
}

const cancelledAlready = () =>
  new Problem('conflict', 'This export was cancelled already.', { members: { currentStatus: 'cancelled' } });

const tooMany = () =>
  new Problem(
    'overloaded',
    `${MOST_WAITING} exports of this tenant are waiting to be made. Try again when some are done.`,
    {
      headers: { 'Retry-After': '60' },
    },
  );
