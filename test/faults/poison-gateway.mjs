// The built gateway with a handler that never comes back from an update. `poison-handler.spec.ts` runs it.
import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { createGateway } from '../../dist/src/app.setup.js';
import { loadConfig } from '../../dist/src/config/load-config.js';
import { welcome } from '../../dist/src/welcome.js';
import { MerchantModule } from '../../dist/libs/merchant-kit/src/index.js';

class Endless {
  handle() {
    while (true);
  }
}
Injectable()(Endless);

class PoisonModule {}
Module({
  imports: [MerchantModule.register({ team: 'poison', kit: '^1.0', handlers: { endless: Endless } })],
  providers: [Endless],
})(PoisonModule);

const config = loadConfig(process.env);
const app = await createGateway(config, [PoisonModule]);
await app.listen(config.server.port, config.server.host);
welcome(app, config);
