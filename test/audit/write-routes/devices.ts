import type { Reply } from '../../support/client';
import { YEAR } from '../../terminals/dates';
import { aSerial, line, registered, Terminal } from '../../terminals/terminal';
import { acme, read, server, type Written } from './scene';

const aDevice = (body: Record<string, unknown> = {}) => registered(server.stranger, acme, body);
const aPin = (deviceId: string) =>
  acme.admin.api.post(`/api/devices/${deviceId}/pins`, { pin: '4711', employeeId: acme.employee.id });
let told = 0;
async function aTold(call: string, serialOnly: boolean): Promise<Reply> {
  const { id, terminal } = await aDevice({ serialOnly });
  await aPin(id);
  const at = new Terminal(server.stranger, terminal.serialNumber, serialOnly ? '/iclock' : terminal.address);
  const time = new Date(Date.UTC(YEAR, 2, 6, ++told)).toISOString().slice(0, 19).replace('T', ' ');
  return at.post(call, `${line('4711', time)}\n`, { table: 'ATTLOG' });
}
/** One for each call of the protocol that tells punches, with a secret in its path and without. */
const tells = ['cdata', 'cdata.aspx', 'querydata', 'querydata.aspx'].flatMap((call) =>
  [true, false].map((serialOnly) => [
    `POST /iclock/${serialOnly ? '' : '{secret}/'}${call}`,
    { is: ['punch', 'create'] as [string, string], anonymous: true as const, call: () => aTold(call, serialOnly) },
  ]),
);

/** Terminals: what administrators do with them, and what they report. */
export const devices: Record<string, Written> = {
  'POST /api/devices': {
    is: ['device', 'create'],
    call: () => acme.admin.api.post('/api/devices', { serialNumber: aSerial(), name: 'Gate' }),
  },
  'POST /api/devices/unclaimed/{serial}/claim': {
    is: ['device', 'create'],
    call: async () => {
      const serialNumber = aSerial();
      await new Terminal(server.stranger, serialNumber).signOn();
      return acme.admin.api.post(`/api/devices/unclaimed/${serialNumber}/claim`, { name: 'Gate' });
    },
  },
  'PUT /api/disputed-serials/{serial}': {
    is: ['device', 'assign'],
    call: async (operator) => {
      const serialNumber = aSerial();
      const rival = await server.world.tenant(undefined, { allowedNetworks: ['127.0.0.1/32'] });
      for (const tenant of [acme, rival]) await registered(server.stranger, tenant, { serialNumber, serialOnly: true });
      await new Terminal(server.stranger, serialNumber).signOn();
      const decided = await operator.put(`/api/disputed-serials/${serialNumber}`, {
        tenantId: acme.id,
        reason: 'Seen on site',
      });
      // While both list it, the network proves nothing for the other terminals of this file either.
      await rival.admin.api.put('/api/attendance/settings', { allowedNetworks: [] });
      return decided;
    },
  },
  'PATCH /api/devices/{id}': {
    is: ['device', 'update'],
    call: async () => acme.admin.api.patch(`/api/devices/${(await aDevice()).id}`, { name: 'Back door' }),
  },
  'DELETE /api/devices/{id}': {
    is: ['device', 'delete'],
    call: async () => acme.admin.api.delete(`/api/devices/${(await aDevice()).id}`),
  },
  'POST /api/devices/{id}/secret': {
    is: ['device', 'update'],
    call: async () => acme.admin.api.post(`/api/devices/${(await aDevice()).id}/secret`),
  },
  'POST /api/devices/{id}/pins': { is: ['device', 'assign'], call: async () => aPin((await aDevice()).id) },
  'DELETE /api/devices/{id}/pins/{pinId}': {
    is: ['device', 'unassign'],
    call: async () => {
      const { id } = await aDevice();
      return acme.admin.api.delete(`/api/devices/${id}/pins/${read(await aPin(id))['id'] ?? ''}`);
    },
  },
  'POST /api/devices/{id}/rejects/dismiss': {
    is: ['device', 'reject'],
    call: async () => {
      const { id, terminal } = await aDevice();
      await terminal.tell(['rubbish']);
      const { body } = await acme.admin.api.get('/api/devices/rejects', { query: { deviceId: id } });
      const rejectIds = (body as { data: { id: string }[] }).data.map((reject) => reject.id);
      return acme.admin.api.post(`/api/devices/${id}/rejects/dismiss`, { rejectIds, reason: 'Rubbish' });
    },
  },
  'POST /api/devices/{id}/rejects/retry': {
    is: ['punch', 'create'],
    call: async () => {
      const { id, terminal } = await aDevice();
      await terminal.tell([line('4711', `${YEAR}-03-05 08:00:00`)]);
      await aPin(id);
      return acme.admin.api.post(`/api/devices/${id}/rejects/retry`);
    },
  },
  ...(Object.fromEntries(tells) as Record<string, Written>),
};
