import { isNetwork, NO_NETWORK, readTenantSettings, tenantSettings } from './tenant-settings';

const defaults = {
  allowedNetworks: [],
  punchTooSoonSeconds: 5,
  presenceTimeoutHours: 16,
  lookBackHours: { api: 24, kiosk: 24, mobile: 24, web: 24, terminal: null, batch: null },
  beyondLookBack: 'hold',
  fourEyes: { ownPunches: true, ownPayroll: true },
  geofence: { fences: [], outside: 'record', positionRequired: [], toleranceMeters: 50 },
  quotas: {
    requestsPerMinute: null,
    uploadsPerHour: null,
    importPreparePerMinute: null,
    importPreviewPerMinute: null,
    importCommitPerMinute: null,
    exportPerMinute: null,
    adminWritePerMinute: null,
    concurrentRequests: null,
  },
  requireIdempotencyKey: false,
};

it.each(['192.0.2.0/24', '10.0.0.1/32', '0.0.0.0/0', '2001:db8::/32', '::1/128', '::ffff:192.0.2.0/120'])(
  '%s is a network',
  (text) => {
    expect(isNetwork(text)).toBe(true);
  },
);
it.each([
  '192.0.2.0',
  '192.0.2.0/33',
  '192.0.2/24',
  '10/8',
  '0x0a.0.0.0/8',
  '2001:db8::/129',
  'fe80::1%eth0/64',
  ' 10.0.0.0/8',
  '10.0.0.0/8 ',
  '10.0.0.0/-1',
  '10.0.0.0/',
  '',
  'any',
  '256.0.0.0/8',
  '010.0.0.0/8',
  '10.0.0.0/08',
  '::ffff:10.0.0.0/95',
])('SEC-40: %p is refused when it is saved', (text) => {
  expect(isNetwork(text)).toBe(false);
  expect(tenantSettings.safeParse({ allowedNetworks: [text] }).success).toBe(false);
});

it('fills in defaults, and refuses what it does not know', () => {
  expect(tenantSettings.parse({})).toEqual(defaults);
  expect(tenantSettings.safeParse({ colour: 'red' }).success).toBe(false);
  expect(tenantSettings.safeParse({ punchTooSoonSeconds: 3601 }).success).toBe(false);
  expect(tenantSettings.safeParse({ punchTooSoonSeconds: -1 }).success).toBe(false);
});

it.each([null, undefined, 'x', 7, [], {}, { colour: 'red', punchTooSoonSeconds: 'soon', presenceTimeoutHours: 0 }])(
  'reads %p as the defaults',
  (stored) => {
    expect(readTenantSettings(stored)).toEqual(defaults);
  },
);

it('keeps the members that it can read', () => {
  expect(
    readTenantSettings({ punchTooSoonSeconds: 0, requireIdempotencyKey: true, presenceTimeoutHours: 'x' }),
  ).toEqual({
    ...defaults,
    punchTooSoonSeconds: 0,
    requireIdempotencyKey: true,
  });
});

it('keeps the quotas that it can read', () => {
  expect(readTenantSettings({ quotas: { exportPerMinute: 3, uploadsPerHour: 0, colour: 'red' } }).quotas).toEqual({
    ...defaults.quotas,
    exportPerMinute: 3,
  });
});

it('SEC-40: never opens a list that it cannot read', () => {
  for (const unreadable of [['10.0.0.0/99'], ['any'], 'any', { a: 1 }, [7], 0])
    expect(readTenantSettings({ allowedNetworks: unreadable }).allowedNetworks).toEqual([NO_NETWORK]);
  expect(readTenantSettings({ allowedNetworks: ['10.0.0.0/99', '10.0.0.0/8'] }).allowedNetworks).toEqual([
    '10.0.0.0/8',
  ]);
});
