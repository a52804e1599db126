import { groupBy } from '../rules/group-by';
import { Injectable } from '@nestjs/common';
import { statement } from '../../database/statement';
import type { Transaction } from '../../database/transaction';
import { spellingsOf, withoutZeros } from '../people/employee-number';
import type { ReportedLine } from './attlog-lines';
import { type Pin, PinsRepository } from './pins.repository';

const byNumber = statement(
  'terminals.by_number',
  'SELECT u.id, u.employee_number FROM users u WHERE u.tenant_id = $1 AND u.employee_number = ANY ($2::text[])',
);

interface NumberRow extends Record<string, unknown> {
  id: string;
  employee_number: string;
}

export type Owner =
  { readonly kind: 'known'; readonly employeeId: string } | { readonly kind: 'pin_unknown' | 'pin_ambiguous' };

/** Whose line it is. */
export type OwnerOf = (line: Pick<ReportedLine, 'pin' | 'date'>) => Owner;

/**
 * Finds out whose PINs they are: by a binding of the terminal, by one of all terminals, by the employee number. Zeros in front
 * are part of a number; where nobody has exactly this one, a number that differs in them alone will do if there is but one.
 */
@Injectable()
export class PinOwners {
  constructor(private readonly pins: PinsRepository) {}

  async of(tx: Transaction, tenantId: string, deviceId: string, lines: readonly ReportedLine[]): Promise<OwnerOf> {
    const pins = [...new Set(lines.map(({ pin }) => pin))];
    if (pins.length === 0) return () => ({ kind: 'pin_unknown' });
    const [bindings, people] = await Promise.all([
      this.pins.of(tx, tenantId, deviceId, pins),
      tx.rows<NumberRow>(byNumber, [tenantId, [...new Set(pins.flatMap(spellingsOf))]]),
    ]);
    const bound = groupBy(bindings, ({ pin }) => pin);
    const alike = groupBy(people, ({ employee_number }) => withoutZeros(employee_number));
    return ({ pin, date }) => {
      const binding = applying(bound.get(pin) ?? [], date);
      if (binding) return { kind: 'known', employeeId: binding.employeeId };
      const candidates = alike.get(withoutZeros(pin)) ?? [];
      const exact = candidates.find(({ employee_number }) => employee_number === pin);
      const [person, another] = exact ? [exact] : candidates;
      if (!person) return { kind: 'pin_unknown' };
      return another ? { kind: 'pin_ambiguous' } : { kind: 'known', employeeId: person.id };
    };
  }
}

/** One of the terminal itself comes before one of all terminals; of each kind there is at most one on a date. */
function applying(bindings: readonly Pin[], date: string): Pin | undefined {
  const now = bindings.filter(
    ({ effectiveFrom = '', effectiveUntil = '9999-12-31' }) => effectiveFrom <= date && date <= effectiveUntil,
  );
  return now.find(({ allDevices }) => !allDevices) ?? now[0];
}
