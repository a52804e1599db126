import type { Client, Reply } from '../support/client';
import type { Tenant } from '../support/world';

/** A terminal at the door, as far as the network sees it. */
export class Terminal {
  constructor(
    private readonly stranger: Client,
    readonly serialNumber: string,
    /** Path that stands in its server address. */
    readonly address = '/iclock',
  ) {}

  signOn(): Promise<Reply> {
    return this.get('cdata', { options: 'all', language: '69', pushver: '2.4.1', DeviceType: 'att' });
  }

  poll(info?: string): Promise<Reply> {
    return this.get('getrequest', info === undefined ? {} : { INFO: info });
  }

  tell(lines: readonly string[], stamp = '1'): Promise<Reply> {
    return this.post('cdata', lines.map((line) => `${line}\n`).join(''), { table: 'ATTLOG', Stamp: stamp });
  }

  post(what: string, body: string, query: Record<string, string> = {}, type = 'text/plain'): Promise<Reply> {
    return this.stranger.request('POST', `${this.address}/${what}`, body, {
      query: { SN: this.serialNumber, ...query },
      headers: { 'content-type': type },
    });
  }

  private get(what: string, query: Record<string, string>): Promise<Reply> {
    return this.stranger.get(`${this.address}/${what}`, { query: { SN: this.serialNumber, ...query } });
  }
}

let serials = 0;
export const aSerial = () => `CKJN2026${String(++serials).padStart(5, '0')}`;

export interface Registered {
  readonly id: string;
  readonly terminal: Terminal;
}

/** A terminal that its tenant has registered, with its secret in its address. */
export async function registered(
  stranger: Client,
  tenant: Tenant,
  body: Record<string, unknown> = {},
): Promise<Registered> {
  const serialNumber = (body['serialNumber'] as string | undefined) ?? aSerial();
  const reply = await tenant.admin.api.post('/api/devices', {
    serialNumber,
    name: 'Front door',
    timeZone: 'Europe/Berlin',
    ...body,
  });
  const { id, address } = reply.body as { id: string; address: string };
  return { id, terminal: new Terminal(stranger, serialNumber, address) };
}

/** A line of the push protocol: PIN, time, state, verification, work code, reserved. */
export const line = (pin: string, time: string, state: string | number = 0) => `${pin}\t${time}\t${state}\t1\t0\t0\t0`;
