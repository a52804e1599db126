import { Injectable } from '@nestjs/common';
import { Problem } from '../../http/problems/problem';

/** Exports under way in this process: each holds a connection and a snapshot for as long as its client reads. */
const MOST = 2;

/** Limits how many exports run at once. The next one is refused, not queued. */
@Injectable()
export class ExportSlots {
  private taken = 0;

  /** Takes a place and returns what gives it back, once. 503 `overloaded` when there is none. */
  take(): () => void {
    if (this.taken >= MOST) {
      throw new Problem('overloaded', `${MOST} exports are under way already. Try again when one of them has ended.`, {
        headers: { 'Retry-After': '10' },
      });
    }
    this.taken += 1;
    let isTaken = true;
    return () => {
      if (isTaken) this.taken -= 1;
      isTaken = false;
    };
  }
}
