import { MerchantHost } from '@gateway/merchant-kit';
import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { DiscoveryModule, RouterModule } from '@nestjs/core';
import { TerminusModule } from '@nestjs/terminus';
import { MigrationsOfTeams } from '../database/migrations-of-teams.js';
import { DeliveryModule } from '../delivery/delivery.module.js';
import { assertConfigured } from './assert-configured.js';
import { DestinationKinds } from '../registry/destination-kinds.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { TeamKinds } from './team-kinds.js';
import { GatewayHost } from './gateway-host.js';
import { HandlersHealthController } from './handlers-health.controller.js';
import { readTeams } from './read-teams.js';
import { schemaOf } from './schema-of-teams.js';
import { TeamExtensions } from './team-extensions.js';
import { TeamHandlers } from './team-handlers.js';
import { TeamHealth } from './team-health.js';
import { TeamMeters } from './team-meters.js';
import { TeamProviders } from './team-providers.js';
import { TeamStarter } from './team-starter.js';
import { pathOf, type Team } from './team.js';
import { TEAMS } from './teams.js';

/**
 * Teams' modules: held to the rules, put under their paths, and tied to the gateway. Global for what it gives them, and
 * for their migrations, which the database asks for.
 */
@Module({})
export class TeamsModule {
  /**
   * @param asFound for a tool, which knows the teams' tables and starts nothing of theirs
   * @throws ConfigurationError where a module breaks the rules
   */
  static async forRoot(
    modules: readonly Type[],
    variables: Readonly<Record<string, string>>,
    { asFound = false } = {},
  ): Promise<DynamicModule> {
    const teams = await readTeams(modules);
    assertConfigured(teams, variables);
    return {
      module: TeamsModule,
      global: true,
      imports: [
        ...modules,
        RouterModule.register(teams.flatMap(routesOf)),
        DeliveryModule,
        DiscoveryModule,
        TokensModule,
        TerminusModule.forRoot({ logger: false }),
      ],
      controllers: [HandlersHealthController],
      providers: [
        { provide: TEAMS, useValue: teams },
        { provide: MigrationsOfTeams, useValue: schemaOf(modules).migrations },
        { provide: DestinationKinds, useClass: TeamKinds },
        { provide: MerchantHost, useClass: GatewayHost },
        TeamHealth,
        TeamMeters,
        TeamProviders,
        ...(asFound ? [] : [TeamExtensions, TeamHandlers, TeamStarter]),
      ],
      exports: [DestinationKinds, MerchantHost, MigrationsOfTeams, TeamMeters],
    };
  }
}

/** Whatever a team's controllers are called, they stand under its path. */
function routesOf({ team, tree }: Team): { path: string; module: Type }[] {
  const withControllers = tree.filter(({ controllers }) => controllers.length > 0);
  return withControllers.map(({ module }) => ({ path: pathOf(team), module }));
}
