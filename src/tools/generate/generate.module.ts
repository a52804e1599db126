import { Module } from '@nestjs/common';
import { GeneratedPeople } from './people';

/** The people whom a generated file names. */
@Module({ providers: [GeneratedPeople] })
export class GenerateModule {}
