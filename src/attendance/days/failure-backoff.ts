/** How long a person whose days cannot be computed is skipped: at first, and at most. Doubled each time. */
const FIRST_MS = 5_000;
const LONGEST_MS = 600_000;

/**
 * Remembers whose computation failed. A batch that failed is tried again person by person. A person whose computation fails alone is
 * skipped for a while, so that one broken row does not block the others. Not stored: it only affects the order of the work.
 */
export class FailureBackoff {
  private readonly isolating = new Map<string, number>();
  private readonly people = new Map<string, { tenantId: string; until: number; waitMs: number }>();

  isIsolating(tenantId: string): boolean {
    return (this.isolating.get(tenantId) ?? 0) > 0;
  }

  blocked(tenantId: string, now = Date.now()): string[] {
    return [...this.people].flatMap(([id, each]) => (each.tenantId === tenantId && each.until > now ? [id] : []));
  }

  succeeded(tenantId: string): void {
    const left = (this.isolating.get(tenantId) ?? 0) - 1;
    if (left > 0) this.isolating.set(tenantId, left);
    else this.isolating.delete(tenantId);
  }

  /** Answers, in words for the log, when they are tried again. */
  failed(tenantId: string, employeeIds: readonly string[], now = Date.now()): string {
    if (employeeIds.length > 1) this.isolating.set(tenantId, employeeIds.length);
    const [id] = employeeIds;
    if (employeeIds.length !== 1 || id === undefined) return 'at once, one by one';
    const waitMs = Math.min(LONGEST_MS, (this.people.get(id)?.waitMs ?? FIRST_MS / 2) * 2);
    this.people.set(id, { tenantId, until: now + waitMs, waitMs });
    return `in ${waitMs / 1000} s`;
  }
}
