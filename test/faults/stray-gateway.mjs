// The built gateway with teams whose code throws where nobody can catch it. `stray.spec.ts` runs it.
import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { createGateway } from '../../dist/src/app.setup.js';
import { loadConfig } from '../../dist/src/config/load-config.js';
import { welcome } from '../../dist/src/welcome.js';
import { delivered, MerchantModule } from '../../dist/libs/merchant-kit/src/index.js';

const throwLater = (message) =>
  setTimeout(() => {
    throw new Error(message);
  }, 1);

class StrayHandler {
  start() {
    throwLater('from a timer of start');
  }
  healthy() {
    throwLater('from a timer of healthy');
    return true;
  }
  handle() {
    throwLater('from a timer');
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

const merchants = [{ merchantGatewayId: 'MGW_000001', merchantId: '10610027312' }];
class StrayParts {
  merchants = merchants;
  has() {
    throwLater('from a timer of a directory');
    return false;
  }
  map(event) {
    throwLater('from a timer of a mapper');
    return event;
  }
  unwanted() {
    throwLater('from a timer of a filter');
    return undefined;
  }
}
Injectable()(StrayParts);

class PartsModule {}
Module({
  imports: [
    MerchantModule.register({
      team: 'parts',
      kit: '^1.0',
      tokenDirectories: [StrayParts],
      eventMappers: [StrayParts],
      notificationFilters: [StrayParts],
    }),
  ],
  providers: [StrayParts],
})(PartsModule);

const config = loadConfig(process.env);
const app = await createGateway(config, [StrayModule, PartsModule]);
await app.listen(config.server.port, config.server.host);
welcome(app, config);

// Not a handler's: it must end the process, as ever.
process.on('SIGUSR2', () =>
  setTimeout(() => {
    throw new Error('from the gateway itself');
  }, 1),
);
