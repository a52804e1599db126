import { z } from 'zod';

const quota = (about: string) => z.int().min(1).max(1_000_000).nullable().default(null).describe(about);

export const tenantQuotas = z
  .strictObject({
    requestsPerMinute: quota('all requests'),
    uploadsPerHour: quota('files for import'),
    importPreparePerMinute: quota('commit tokens without a file'),
    importPreviewPerMinute: quota('previews of an import'),
    importCommitPerMinute: quota('commits of an import'),
    exportPerMinute: quota('exports'),
    adminWritePerMinute: quota('writes that are for administrators alone'),
    concurrentRequests: quota('requests that all people of the tenant together may have under way in one process'),
  })
  .describe(
    'how much each person may ask for, and the tenant at once; null, and what is left out: as the deployment says. Administrators lower a quota, only an operator of the platform raises one',
  );
export type TenantQuotas = z.output<typeof tenantQuotas>;
/** The figures where a tenant says nothing. */
export type StandardQuotas = Readonly<Record<keyof TenantQuotas, number>>;

/** For examples: one quota of the tenant's own, the others as the deployment says. */
export const exampleQuotas: TenantQuotas = tenantQuotas.parse({ exportPerMinute: 30 });
