// The built gateway with a handler that throws where nobody can catch it. `stray.spec.ts` runs it.
import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { createGateway } from '../../dist/src/app.setup.js';
import { loadConfig } from '../../dist/src/config/load-config.js';
import { welcome } from '../../dist/src/welcome.js';
import { delivered, MerchantModule } from '../../dist/libs/merchant-kit/src/index.js';

class StrayHandler {
  handle() {
    setTimeout(() => {
      throw new Error('from a timer');
    }, 1);
    void Promise.reject(new Error('from a promise'));
    return delivered();
  }
}
Injectable()(StrayHandler);

class StrayModule {}
Module({
  imports: [MerchantModule.register({ team: 'stray', kit: '^1.0', handlers: { stray: StrayHandler } })],
  providers: [StrayHandler],
})(StrayModule);

const config = loadConfig(process.env);
const app = await createGateway(config, [StrayModule]);
await app.listen(config.server.port, config.server.host);
welcome(app, config);

// Not a handler's: it must end the process, as ever.
process.on('SIGUSR2', () =>
  setTimeout(() => {
    throw new Error('from the gateway itself');
  }, 1),
);
