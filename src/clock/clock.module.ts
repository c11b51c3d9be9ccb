import { Global, Module } from '@nestjs/common';
import { Clock } from './clock.js';
import { SteadyClock } from './steady-clock.js';

@Global()
@Module({ providers: [{ provide: Clock, useFactory: () => new SteadyClock() }], exports: [Clock] })
export class ClockModule {}
