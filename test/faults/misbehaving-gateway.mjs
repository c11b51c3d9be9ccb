// The built gateway with handlers each of which misbehaves while MISBEHAVE_FILE has its name in it. `misbehaving-handlers.spec.ts` runs it.
import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { readFileSync } from 'node:fs';
import { createGateway } from '../../dist/src/app.setup.js';
import { loadConfig } from '../../dist/src/config/load-config.js';
import { welcome } from '../../dist/src/welcome.js';
import { delivered, MerchantModule } from '../../dist/libs/merchant-kit/src/index.js';

const BLOCK_MS = 300;
const LEAK_BYTES = 1024 * 1024;

const leaked = [];

const MISBEHAVIOURS = {
  blocks: () => {
    const untilMs = performance.now() + BLOCK_MS;
    while (performance.now() < untilMs);
    return delivered();
  },
  leaks: () => {
    // Filled, or the kernel would not give the pages.
    leaked.push(Buffer.alloc(LEAK_BYTES, 1));
    return delivered();
  },
  'never-returns': () => new Promise(() => undefined),
  'rejects-in-timer': () => {
    setTimeout(() => void Promise.reject(new Error('rejected in a timer')), 1);
    return delivered();
  },
  'throws-async': async () => {
    await new Promise((resolve) => setImmediate(resolve));
    throw new Error('thrown later');
  },
  'throws-sync': () => {
    throw new Error('thrown at once');
  },
};

function misbehaving() {
  const file = process.env.MISBEHAVE_FILE;
  return file && readFileSync(file, 'utf8');
}

const handlers = {};
for (const [name, misbehave] of Object.entries(MISBEHAVIOURS)) {
  handlers[name] = class {
    handle() {
      return misbehaving() === name ? misbehave() : delivered();
    }
  };
  Injectable()(handlers[name]);
}

class TroubleModule {}
Module({
  imports: [MerchantModule.register({ team: 'trouble', kit: '^1.0', handlers })],
  providers: Object.values(handlers),
})(TroubleModule);

const config = loadConfig(process.env);
const app = await createGateway(config, [TroubleModule]);
await app.listen(config.server.port, config.server.host);
welcome(app, config);
