import { D1ClientModule } from '@gateway/d1-client';
import { MerchantModule } from '@gateway/merchant-kit';
import { Module } from '@nestjs/common';
import { Card } from './card.entity.js';
import { CardsController } from './cards.controller.js';
import { d1CardRefresher } from './d1-card-refresher.js';
import { d1ClientOptions, ExampleVaultConfiguration } from './example-vault.configuration.js';
import { ExampleVaultHandler } from './example-vault.handler.js';
import { ExampleVaultCards1795700000000 as PostgresCards } from './migrations/postgres/1795700000000-cards.js';
import { ExampleVaultCards1795700000000 as SqliteCards } from './migrations/sqlite/1795700000000-cards.js';

const team = MerchantModule.register({
  team: 'example-vault',
  kit: '^1.0',
  handlers: { 'example-vault': ExampleVaultHandler },
  entities: [Card],
  migrations: { sqlite: [SqliteCards], postgres: [PostgresCards] },
  configuration: ExampleVaultConfiguration,
});

@Module({
  imports: [
    team,
    // The same object, so that both have one configuration.
    D1ClientModule.registerAsync({ imports: [team], inject: [ExampleVaultConfiguration], useFactory: d1ClientOptions }),
  ],
  providers: [ExampleVaultHandler, d1CardRefresher],
  controllers: [CardsController],
})
export class ExampleVaultModule {}
