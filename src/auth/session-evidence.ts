import type { AuditBatch } from '../audit/ledger/ledger';

/** Where a request came from, for the evidence of what it did. */
export interface Origin {
  readonly requestId: string;
  readonly ip: string;
}

/** The ledger entry of something that happened to a sign-in; `note` never holds a secret. */
export function sessionEvidence(
  who: { readonly tenantId: string; readonly userId: string },
  origin: Origin,
  event: {
    readonly action: 'login' | 'refresh' | 'logout';
    readonly sessionId: string;
    readonly outcome: 'success' | 'failure';
    readonly note?: Readonly<Record<string, unknown>>;
  },
): AuditBatch {
  const { action, sessionId, outcome, note } = event;
  return {
    tenantId: who.tenantId,
    userId: who.userId,
    requestId: origin.requestId,
    ip: origin.ip,
    entries: [{ entity: 'session', action, entityId: sessionId, outcome, ...(note ? { after: note } : {}) }],
  };
}

/** Enough of an address to recognise a typing error or an attack, not enough to keep a stranger's address for ever. */
export function maskedAddress(email: string): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, 1)}***${email.slice(at)}`;
}
