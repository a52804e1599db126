import { Injectable } from '@nestjs/common';

type Phase = 'serving' | 'draining';

/**
 * Where the process stands in its life. Readiness tells load balancers; answers tell their connections; nobody is refused
 * for it: what still arrives while draining is served.
 */
@Injectable()
export class DrainState {
  private current: Phase = 'serving';
  private broken: string | undefined;

  get phase(): Phase {
    return this.current;
  }

  /** Why this process must be replaced, once something happened that it cannot be trusted after. Liveness fails with it. */
  get fatal(): string | undefined {
    return this.broken;
  }

  begin(): void {
    this.current = 'draining';
  }

  fail(reason: string): void {
    this.broken = reason;
  }
}
