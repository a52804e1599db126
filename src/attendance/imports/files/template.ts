import { accepts } from '../../../http/request/negotiation';
import { csvLine } from '../../files/csv';

const punches = [
  ['employeeNumber', 'type', 'timestamp', 'deviceId'],
  ['0100', 'in', '2026-11-16T08:58:00+01:00', 'gate-1'],
  ['0100', 'break_start', '2026-11-16T12:30:00+01:00', 'gate-1'],
  ['0100', 'break_end', '2026-11-16T13:00:00+01:00', 'gate-1'],
  ['0100', 'out', '2026-11-16T17:31:00+01:00', 'gate-1'],
];
const days = [
  ['employeeNumber', 'date', 'in', 'out', 'breakMinutes'],
  ['0100', '2026-11-16', '08:58', '17:31', '30'],
  ['0101', '2026-11-16', '22:00', '06:00', '30'],
];

/** The plain file of a kind, with rows that work in the demo tenant. */
export const templateCsv = (kind: 'punches' | 'days'): string =>
  (kind === 'punches' ? punches : days).map((row) => csvLine(row)).join('');

/** What an Accept header asks for: the file only where it is asked for by name, and JSON is not. */
export function templateFormat(accept = ''): 'json' | 'csv' {
  const isNamed = (type: string) => accept.toLowerCase().includes(type) && accepts(accept, [type]);
  return isNamed('text/csv') && !isNamed('application/json') ? 'csv' : 'json';
}

/** Every call of an import with a body that works, in the order in which they are made. */
export function templateJson(): Record<string, unknown> {
  const csvText = templateCsv('punches');
  const base = '/api/attendance/import';
  return {
    files: { punches: `${base}/template?format=csv&kind=punches`, days: `${base}/template?format=csv&kind=days` },
    calls: [
      {
        call: `POST ${base}/upload?filename=november.csv`,
        body: 'the file itself, up to 500 MiB; or send csvText or rows below',
      },
      { call: `POST ${base}/preview`, body: { csvText, previewLimit: 20 } },
      {
        call: `POST ${base}/commit`,
        body: { csvText, commitToken: 'of the preview', idempotencyKey: 'november-gate-1' },
      },
      { call: `GET ${base}/jobs/{id}` },
      { call: `GET ${base}/batches/{id}/errors?as=rows` },
      { call: `POST ${base}/rollback/{batchId}` },
    ],
    profiles: `${base}/profiles`,
    mapping: { fields: { employee: 'employeeNumber', type: 'type', timestamp: 'timestamp', deviceId: 'deviceId' } },
  };
}
