import { Injectable } from '@nestjs/common';
import { Cursors } from '../../../http/paging/cursor';
import { notFound, Problem } from '../../../http/problems/problem';
import type { ExportJobRow } from './export-job';

const downloadPath = '/api/attendance/export/files';
const route = 'export file';
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** What a link identifies. */
interface Linked {
  readonly tenantId: string;
  readonly jobId: string;
}

/**
 * Links to files, for a browser or a payroll system that carries no token: the link is the right to fetch this one file until it expires.
 * Signed, and bound to tenant, job and time, so that none can be made up or prolonged.
 */
@Injectable()
export class DownloadLinks {
  constructor(private readonly cursors: Cursors) {}

  /** Where the file of a completed job is fetched. */
  to(tenantId: string, job: ExportJobRow): string {
    const signed = this.cursors.encode({ tenantId, route, filters: {} }, [job.id, job.expires_at.getTime()]);
    return `${downloadPath}/${tenantId}~${signed}`;
  }

  /** 404 for what is no link of ours, 410 `export_expired` for one that was. */
  read(link: string, now = Date.now()): Linked {
    const [tenantId = '', signed = ''] = link.split('~');
    if (!uuid.test(tenantId)) throw notFound('export file');
    const [jobId, expires] = this.position(tenantId, signed);
    if (Number(expires) <= now) throw expired();
    return { tenantId, jobId: String(jobId) };
  }

  private position(tenantId: string, signed: string) {
    try {
      return this.cursors.decode({ tenantId, route, filters: {} }, signed);
    } catch {
      throw notFound('export file');
    }
  }
}

export const expired = () =>
  new Problem('export_expired', 'This file was kept for a day and is gone. Ask for the export again.');
