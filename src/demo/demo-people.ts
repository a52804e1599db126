/** Names for the demo tenants: made up, and the same at every start. */
const givenNames = ['Ada', 'Bruno', 'Chiara', 'Dmitri', 'Esra', 'Femi', 'Greta', 'Hiro', 'Inés', 'Jonas'];
const familyNames = ['Almeida', 'Berg', 'Castellanos'];

interface DemoPerson {
  readonly email: string;
  readonly name: string;
  readonly employeeNumber: string;
  readonly role: 'employee' | 'approver' | 'admin';
}

/** Who works at a demo tenant: an administrator, an approver, an employee, and thirty more people. */
export function demoPeople(slug: string): DemoPerson[] {
  const named = (role: DemoPerson['role'], name: string, number: number): DemoPerson => ({
    email: `${role}@${slug}.test`,
    name,
    employeeNumber: String(number).padStart(4, '0'),
    role,
  });
  const crew = familyNames.flatMap((family, row) =>
    givenNames.map((given, column): DemoPerson => {
      const name = `${given} ${family}`;
      const address = name
        .toLowerCase()
        .normalize('NFD')
        .replaceAll(/[^a-z ]/g, '')
        .replace(' ', '.');
      const number = String(100 + row * givenNames.length + column).padStart(4, '0');
      return { email: `${address}@${slug}.test`, name, employeeNumber: number, role: 'employee' };
    }),
  );
  return [
    named('admin', 'Alex Admin', 1),
    named('approver', 'Pat Approver', 2),
    named('employee', 'Emma Employee', 3),
    ...crew,
  ];
}

export const demoTenants = [
  { slug: 'acme', name: 'Acme Bakeries', timeZone: 'Europe/Berlin' },
  { slug: 'globex', name: 'Globex Logistics', timeZone: 'America/Los_Angeles' },
] as const;

export const operatorEmail = 'operator@rollcall.test';
