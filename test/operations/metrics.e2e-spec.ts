import { register } from 'prom-client';
import { aKey } from '../support/client';
import { startServer } from '../support/server';

const pageOf = async (server: Awaited<ReturnType<typeof startServer>>) =>
  (await server.stranger.get('/metrics')).text.split('\n');
const punched = 'punches_recorded_total{type="in",source="web"}';

it('each application of a process has a registry of its own, and none uses that of the library', async () => {
  const [one, other] = [await startServer(), await startServer()];
  try {
    const acme = await one.world.tenant();
    const punch = { employeeId: acme.employee.id, type: 'in', source: 'web' };
    expect((await acme.employee.api.post('/api/punches', punch, { key: aKey() })).status).toBe(201);
    const [counted, elsewhere] = [await pageOf(one), await pageOf(other)];
    expect([counted.includes(`${punched} 1`), elsewhere.includes(`${punched} 0`)]).toEqual([true, true]);
    for (const page of [counted, elsewhere])
      expect(page.some((line) => line.startsWith('process_cpu_seconds_total'))).toBe(true);
    expect(await register.getMetricsAsJSON()).toEqual([]);
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
});
