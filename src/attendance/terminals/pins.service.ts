import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal';
import { UnitOfWork } from '../../database/unit-of-work';
import { byId, Cursors, type Page } from '../../http/paging/cursor';
import { notFound, Problem } from '../../http/problems/problem';
import type { Write } from '../../writes/write';
import { Writes } from '../../writes/writes';
import { findEmployees } from '../people/employee';
import { DevicesService } from './devices.service';
import type { NewPin, PinQuery } from './pin.schemas';
import { type Pin, PinsRepository } from './pins.repository';

/** Binds PINs to people. A punch that a PIN has reported stays with its employee. */
@Injectable()
export class PinsService {
  constructor(
    private readonly writes: Writes,
    private readonly work: UnitOfWork,
    private readonly devices: DevicesService,
    private readonly pins: PinsRepository,
    private readonly cursors: Cursors,
  ) {}

  async page(by: Principal, deviceId: string, query: PinQuery): Promise<Page<Pin>> {
    const { tenantId } = by;
    await this.devices.get(by, deviceId);
    const scope = { tenantId, route: 'pins', filters: { deviceId } };
    return this.cursors.page(scope, query, byId, ({ after: [after], limit }) =>
      this.work.read(tenantId, (tx) => this.pins.page(tx, tenantId, deviceId, String(after), limit)),
    );
  }

  /** 403 `self_approval` for a PIN of one's own, where own punches take a second person: whose PIN it is decides about hours. */
  bind({ tenantId, userId, fourEyes }: Principal, deviceId: string, body: NewPin): Write {
    if (fourEyes.ownPunches && body.employeeId === userId) throw ownPin();
    return this.writes.change(async (tx) => {
      await this.devices.locked(tx, tenantId, deviceId);
      if (!(await findEmployees(tx, tenantId, [body.employeeId])).has(body.employeeId)) throw employeeUnknown();
      const pin = await this.pins.insert(tx, tenantId, deviceId, body, userId);
      if (!pin) throw bound();
      const audit = { entity: 'device', action: 'assign', entityId: deviceId, employeeId: pin.employeeId } as const;
      return { answer: { status: 201, body: pin }, audit: [{ ...audit, after: pinToAudit(pin) }] };
    });
  }

  unbind({ tenantId }: Principal, deviceId: string, pinId: string): Write {
    return this.writes.change(async (tx) => {
      await this.devices.locked(tx, tenantId, deviceId);
      const pin = await this.pins.remove(tx, tenantId, deviceId, pinId);
      if (!pin) throw notFound('PIN');
      const audit = { entity: 'device', action: 'unassign', entityId: deviceId, employeeId: pin.employeeId } as const;
      return { answer: { status: 200, body: pin }, audit: [{ ...audit, before: pinToAudit(pin) }] };
    });
  }
}

const pinToAudit = ({ id: _id, ...pin }: Pin): Record<string, unknown> => pin;

function employeeUnknown(): Problem {
  const detail = 'There is no such employee.';
  return new Problem('employee_unknown', detail, {
    errors: [{ pointer: '/employeeId', code: 'employee_unknown', detail }],
  });
}

const ownPin = () =>
  new Problem('self_approval', 'A PIN of your own is bound by another administrator.', {
    errors: [{ pointer: '/employeeId', code: 'self_approval', detail: 'must be somebody else' }],
  });

const bound = () =>
  new Problem(
    'conflict',
    'This PIN is bound for some of these dates already. Delete that binding, or choose other dates.',
    {
      errors: [{ pointer: '/pin', code: 'conflict', detail: 'is bound for some of these dates already' }],
    },
  );
