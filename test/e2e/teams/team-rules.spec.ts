import { KIT_VERSION, MerchantHost, type MerchantHandler, type MerchantModuleOptions } from '@gateway/merchant-kit';
import {
  Controller,
  Get,
  Global,
  Injectable,
  Module,
  Scope,
  type MiddlewareConsumer,
  type NestModule,
  type Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/config/load-config.js';
import { migrate } from '../../../src/database/migrate.js';
import { namingTeam } from '../../../src/teams/naming-team.js';
import { schemaOf } from '../../../src/teams/schema-of-teams.js';
import { createTestDatabase } from '../../support/test-database.js';
import { TestGateway } from '../../support/test-gateway.js';
import { ACME, AcmeHandler, AcmeModule, teamModule } from './acme-team.js';

/** Starts a gateway with these teams, and says why it does not. */
async function startWith(teams: readonly Type[], env: Record<string, string> = {}): Promise<string> {
  const database = await createTestDatabase();
  try {
    const gateway = await TestGateway.start({ teams, database, env });
    await gateway.close();
    return 'it started';
  } catch (error) {
    return (namingTeam(error, teams) as Error).message;
  } finally {
    await database.drop();
  }
}

const other = (options: Partial<MerchantModuleOptions>): Promise<string> => startWith([teamModule(options)]);

@Entity('team_acme_extra')
class ForeignTable {
  @PrimaryColumn({ type: 'varchar', length: 10 })
  id!: string;
}

describe('a team’s module that breaks a rule keeps the gateway from starting, by name', () => {
  it('no module registered', async () => {
    @Module({})
    class PlainModule {}
    expect(await startWith([PlainModule])).toBe(
      'PlainModule is listed in src/merchants.ts and imports no MerchantModule.register',
    );
  });

  it.each([
    ['^0.9', `Team other: it works with merchant-kit ^0.9, and this gateway has ${KIT_VERSION}`],
    ['^2.0 || ^3.1', `Team other: it works with merchant-kit ^2.0 || ^3.1, and this gateway has ${KIT_VERSION}`],
    ['*', 'Team other: the kit\'s range "*" is not written as ^1.0 or ^1.0 || ^2.0'],
  ])('a kit it does not work with: %s', async (kit, problem) => {
    expect(await other({ kit })).toBe(problem);
  });

  it.each(['Acme', '../oauth2', 'a--b', ':x'])('the name %s', async (team) => {
    expect(await other({ team })).toMatch(/a team's name is lower case/);
  });

  it('an entity whose table is another’s', async () => {
    const migrations = ACME.migrations as NonNullable<MerchantModuleOptions['migrations']>;
    expect(await other({ entities: [ForeignTable], migrations })).toBe(
      'Team other: the table of ForeignTable must begin with team_other_',
    );
  });

  it('a handler that its module does not provide', async () => {
    expect(await other({ handlers: { lost: AcmeHandler } })).toBe(
      'Team other: AcmeHandler is registered, and OtherModule does not provide it',
    );
  });

  it('a handler for each request', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Scoped extends AcmeHandler {}
    const team = teamModule({ handlers: { scoped: Scoped } }, { providers: [Scoped] });
    expect(await startWith([team])).toBe('Team other: Scoped must be a singleton, since there is no request');
  });

  it('a configuration that is wrong: the variable is named, its value is not', async () => {
    expect(await startWith([AcmeModule], { TEAM_ACME_PAGE_SIZE: 'secret' })).toMatch(
      /^Configuration of team acme: TEAM_ACME_PAGE_SIZE: pageSize must /,
    );
  });

  it('a handler that does not start', async () => {
    @Injectable()
    class Unwilling implements Pick<MerchantHandler, 'start'> {
      start(): Promise<void> {
        return Promise.reject(new Error('no vault'));
      }
    }
    const options = { handlers: { unwilling: Unwilling as unknown as Type<MerchantHandler> } };
    expect(await startWith([teamModule(options, { providers: [Unwilling] })])).toBe(
      'Team other: the handler unwilling did not start: no vault',
    );
  });

  it('a handler that never comes to an end of starting', async () => {
    @Injectable()
    class Endless implements Pick<MerchantHandler, 'start'> {
      start(): Promise<void> {
        return new Promise(() => undefined);
      }
    }
    const options = { handlers: { endless: Endless as unknown as Type<MerchantHandler> } };
    const team = teamModule(options, { providers: [Endless] });
    expect(await startWith([team], { HANDLER_START_TIMEOUT_MS: '100' })).toBe(
      'Team other: the handler endless did not start: no answer within 100 ms',
    );
  });

  it('a migration that fails, and no other', async () => {
    class Broken1795700000001 implements MigrationInterface {
      async up(runner: QueryRunner): Promise<void> {
        await runner.query('select id from nowhere');
      }
      async down(): Promise<void> {}
    }
    const broken = teamModule({ migrations: { sqlite: [Broken1795700000001], postgres: [Broken1795700000001] } });
    const { migrations } = schemaOf([AcmeModule, broken]);
    const database = await createTestDatabase();
    try {
      await expect(migrate(loadConfig(database.env), migrations)).rejects.toThrow(
        /^Team other: the migration Broken1795700000001 failed: .*nowhere/,
      );
    } finally {
      await database.drop();
    }
  });

  it('a provider that cannot be made', async () => {
    @Injectable()
    class Needy {
      constructor(readonly missing: string) {}
    }
    const host = { variables: {}, transactions: {}, metricsOf: () => ({}) };
    @Global()
    @Module({ providers: [{ provide: MerchantHost, useValue: host }], exports: [MerchantHost] })
    class HostModule {}
    const team = teamModule({}, { providers: [Needy] });

    const error: unknown = await Test.createTestingModule({ imports: [HostModule, team] })
      .compile()
      .catch((cause: unknown) => cause);

    expect((namingTeam(error, [team]) as Error).message).toMatch(
      /^Team other \(OtherModule\) keeps the gateway from starting: Nest can't resolve dependencies of the Needy/,
    );
  });

  it.each(['dist/libs/merchant-other/src/vault.js', 'dist/bundle/merchant-other.js'])(
    'by the file that it was thrown in: %s',
    (file) => {
      const error = new Error('no vault');
      error.stack = `Error: no vault\n    at connect (file:///app/${file}:3:9)`;

      expect((namingTeam(error, [teamModule({})]) as Error).message).toBe(
        'Team other (OtherModule) keeps the gateway from starting: no vault',
      );
      error.stack = error.stack.replace('merchant-other', 'merchant-others');
      expect(namingTeam(error, [teamModule({})])).toBe(error);
    },
  );
});

describe('a team’s module cannot reach beyond itself', () => {
  it('by a global module', async () => {
    @Global()
    @Module({})
    class EverywhereModule {}
    expect(await startWith([teamModule({}, { imports: [EverywhereModule] })])).toBe(
      'Team other: EverywhereModule is global, and would reach beyond the team',
    );
  });

  it('by a database connection of its own in place of the gateway’s', async () => {
    @Module({ imports: [TypeOrmModule.forRoot({ type: 'better-sqlite3', database: ':memory:' })] })
    class OwnDatabaseModule {}
    expect(await startWith([teamModule({}, { imports: [OwnDatabaseModule] })])).toBe(
      'Team other: TypeOrmCoreModule is global, and would reach beyond the team',
    );
  });

  it('by a guard for everything', async () => {
    const guard = { provide: APP_GUARD, useValue: { canActivate: () => true } };
    expect(await startWith([teamModule({}, { providers: [guard] })])).toBe(
      'Team other: OtherModule provides APP_GUARD, which would hold for the whole gateway',
    );
  });

  it('by middleware', async () => {
    @Module({})
    class WatchingModule implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        consumer.apply(() => undefined).forRoutes('{*all}');
      }
    }
    expect(await startWith([teamModule({}, { imports: [WatchingModule] })])).toBe(
      'Team other: WatchingModule configures middleware, which would see the calls of the whole gateway',
    );
  });

  it('by a provider of another team’s symbol: each gets its own', async () => {
    const shared = Symbol('shared');
    const got = new Set<unknown>();
    const named = (name: string): Type =>
      teamModule(
        { team: name, handlers: {} },
        {
          name: `${name}Module`,
          providers: [
            { provide: shared, useValue: name },
            { provide: `${name}-probe`, inject: [shared], useFactory: (value: unknown) => got.add(value) },
          ],
        },
      );
    expect(await startWith([named('one'), named('two')])).toBe('it started');
    expect(got).toEqual(new Set(['one', 'two']));
  });
});

describe('two teams that claim the same are both named', () => {
  it('a name', async () => {
    expect(await startWith([teamModule({}, { name: 'AModule' }), teamModule({}, { name: 'BModule' })])).toBe(
      'Teams other (AModule) and other (BModule) both have the name called other',
    );
  });

  it('a handler', async () => {
    const team = teamModule({ handlers: { acme: AcmeHandler } }, { providers: [AcmeHandler] });
    expect(await startWith([AcmeModule, team])).toBe(
      'Teams acme (AcmeModule) and other (OtherModule) both have a handler called acme',
    );
  });

  it('a table prefix, be it a part of the other', async () => {
    expect(await startWith([AcmeModule, teamModule({ tablePrefix: 'team_acme_eu_' })])).toBe(
      'Teams acme (AcmeModule) and other (OtherModule) both use tables that begin with team_acme_eu_',
    );
  });

  it('settings, where the name of one begins with the other’s: it would read what is not its own', async () => {
    const team = teamModule({ team: 'acme-eu', tablePrefix: 'team_eu_' });
    expect(await startWith([AcmeModule, team])).toBe(
      'Teams acme (AcmeModule) and acme-eu (OtherModule) both use settings that begin with TEAM_ACME_EU_',
    );
    expect(await startWith([AcmeModule, teamModule({ team: 'acmeeu' })])).toBe('it started');
  });

  it('a module with controllers', async () => {
    @Controller('shared')
    class SharedController {
      @Get()
      get(): object {
        return {};
      }
    }
    @Module({ controllers: [SharedController] })
    class SharedModule {}
    const teams = ['one', 'two'].map((team) =>
      teamModule({ team }, { name: `${team}Module`, imports: [SharedModule] }),
    );
    expect(await startWith(teams)).toBe(
      'Teams one (oneModule) and two (twoModule) both have a module with controllers called SharedModule',
    );
  });
});
