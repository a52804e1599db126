import { quotaScene, type Sent } from './scene';

const { start, ask, as } = quotaScene();

describe('networks of a tenant (SEC-40, NEG-04)', () => {
  const exported = (networks: string, sent: Sent) =>
    ask('/api/export', { ...sent, headers: { ...sent.headers, authorization: `Bearer acme/ann|${networks}` } });

  it('admits listed networks and refuses others with IP_RESTRICTED', async () => {
    await start({});
    expect((await exported('10.0.0.0/8,2001:db8::/32', { from: '10.1.2.3' })).statusCode).toBe(200);
    expect((await exported('10.0.0.0/8,2001:db8::/32', { from: '::ffff:10.1.2.3' })).statusCode).toBe(200);
    expect((await exported('10.0.0.0/8,2001:db8::/32', { from: '2001:db8::9' })).statusCode).toBe(200);
    const refused = await exported('10.0.0.0/8', { from: '203.0.113.9' });
    expect([refused.statusCode, refused.json.code]).toEqual([403, 'IP_RESTRICTED']);
    expect((await exported('garbage', { from: '10.1.2.3' })).statusCode).toBe(403);
  });

  it('B6: reads addresses with a port, and admits nobody whose address cannot be read', async () => {
    await start({});
    expect((await exported('203.0.113.0/24', { from: '203.0.113.9:4711' })).statusCode).toBe(200);
    expect((await exported('10.0.0.0/8', { from: '203.0.113.9:4711' })).statusCode).toBe(403);
    // The socket is that of the proxy, which the list may well contain.
    for (const from of ['unknown', '_hidden', '203.0.113.9:port'])
      expect((await exported('127.0.0.0/8', { from })).statusCode).toBe(403);
  });

  it('has no rule where the tenant lists nothing, and no say on other routes', async () => {
    await start({});
    expect((await ask('/api/export', { headers: { authorization: 'Bearer acme/ann' } })).statusCode).toBe(200);
    expect((await as('acme/ann|10.0.0.0/8')).statusCode).toBe(200);
  });

  it('uses the address the trusted proxy saw, not one the client wrote', async () => {
    await start({});
    const sent = { from: '203.0.113.9', headers: { 'x-forwarded-for': '10.1.2.3' } };
    expect((await exported('10.0.0.0/8', sent)).statusCode).toBe(403);
    expect((await exported('203.0.113.0/24', sent)).statusCode).toBe(200);
  });

  it('ignores the header where no proxy is trusted', async () => {
    await start({}, 0);
    const headers = { 'x-forwarded-for': '10.1.2.3' };
    expect((await exported('10.0.0.0/8', { headers })).statusCode).toBe(403);
    expect((await exported('127.0.0.0/8', { headers })).statusCode).toBe(200);
  });
});
