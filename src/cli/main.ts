#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=50 --initial-old-space-size=48 --no-allocation-site-pretenuring --v8-pool-size=1
import 'reflect-metadata';
import { CommandFactory } from 'nest-commander';
import { CliModule } from './cli.module.js';
import { FAILED } from './exit-code.js';
import { errorLine } from './error-line.js';

const failed = (error: unknown): void => {
  process.exitCode = FAILED;
  // Ends by itself otherwise, but not here: services that could not be opened whole cannot be closed, and would keep it alive.
  const end = (): never => process.exit(FAILED);
  process.stderr.write(`error: ${errorLine(error)}\n`, () => process.stdout.write('', end));
};

await CommandFactory.run(CliModule, { logger: false, abortOnError: false, serviceErrorHandler: failed }).catch(failed);
