import { createServer } from 'node:net';
import { firstFreePort } from './ports';

test('a free port is offered when none is preferred', async () => {
  expect(await firstFreePort(0, '127.0.0.1')).toBeGreaterThan(0);
});

test('the preferred port is taken when free and stepped over when not', async () => {
  const preferred = await firstFreePort(0, '127.0.0.1');
  expect(await firstFreePort(preferred, '127.0.0.1')).toBe(preferred);
  const blocker = createServer();
  await new Promise<void>((resolve) => {
    blocker.listen(preferred, '127.0.0.1', resolve);
  });
  expect(await firstFreePort(preferred, '127.0.0.1')).not.toBe(preferred);
  blocker.close();
});
