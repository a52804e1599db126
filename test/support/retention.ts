import { Test } from '@nestjs/testing';
import { loadConfig } from '../../src/config/config';
import { CONFIG } from '../../src/config/config.module';
import { RETENTION_CONNECTION } from '../../src/database/tokens';
import { Workers } from '../../src/database/workers';
import { ApplicationRegistry } from '../../src/metrics/instruments/application-registry';
import { InstrumentsModule } from '../../src/metrics/instruments/instruments.module';
import { RetentionService } from '../../src/retention/retention.service';

/** What deletes at night, by itself: a replica without a server around it. */
export async function retentionAt(url: string, settings: Record<string, string> = {}): Promise<RetentionService> {
  const module = await Test.createTestingModule({
    imports: [InstrumentsModule.for(new ApplicationRegistry())],
    providers: [
      { provide: CONFIG, useValue: loadConfig(settings) },
      { provide: RETENTION_CONNECTION, useValue: { connectionString: url } },
      Workers,
      RetentionService,
    ],
  }).compile();
  return module.get(RetentionService);
}
