import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApplication } from './application';
import { assertEveryRouteHasAccess } from './auth/route-access';
import { ConfigError, type Config, EXIT_CONFIG, loadConfig } from './config/config';
import { openDatabase, StartError } from './database/access';
import { firstFreePort } from './database/embedded/ports';
import { demoPassword } from './demo/demo-password';
import { DemoService } from './demo/demo.service';
import { welcome } from './demo/welcome';

export async function runServer(): Promise<void> {
  const config = loadConfig();
  const access = await openDatabase(config, (line) => process.stderr.write(`${line}\n`));
  if (access.owner) await (await import('./database/migrations.js')).migrate(access.owner);
  const app = await createApplication(config, access);
  assertEveryRouteHasAccess(app);
  await app.init();
  await app.listen(config.PORT, config.HOST);
  process.on('SIGTERM', () => {
    void app
      .close()
      .then(() => access.stop())
      .then(() => process.exit(0));
  });
}
