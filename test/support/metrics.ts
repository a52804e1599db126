import { Test, type TestingModule } from '@nestjs/testing';
import { ApplicationRegistry } from '../../src/metrics/instruments/application-registry';
import { InstrumentsModule } from '../../src/metrics/instruments/instruments.module';

/** Instruments of a registry of their own, for parts that are built without an application. */
export const ownInstruments = (): Promise<TestingModule> =>
  Test.createTestingModule({ imports: [InstrumentsModule.for(new ApplicationRegistry())] }).compile();
