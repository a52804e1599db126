// What takes long: waits for deadlines and back-off, servers that are killed, stopped and signalled, commands in processes of their own,
// files and tables of a size, and what is random at its full length.
const { projects, ...config } = require('./jest.config');

const e2e = projects.find(({ displayName }) => displayName === 'e2e');
const random = [
  'days/convergence.e2e',
  'idempotency/tenants.e2e',
  'imports/reading/hostile.unit',
  'imports/reading/lanes.unit',
  'rules/break-properties.unit',
  'rules/properties.unit',
  'terminals/conversation.e2e',
];

/** @type {import('jest').Config} */
module.exports = {
  ...config,
  projects: [
    {
      ...e2e,
      displayName: 'drills',
      globals: { thorough: true },
      testMatch: ['<rootDir>/test/**/*.drill-spec.ts', ...random.map((name) => `<rootDir>/test/${name}-spec.ts`)],
    },
  ],
};
