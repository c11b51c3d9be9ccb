import { Injectable } from '@nestjs/common';
import { ConfigurationError } from '../config/load-config.js';
import { HandlerWatch } from '../delivery/destinations/handler/handler-watch.js';
import { kindName } from '../delivery/destinations/team-kind/team-kind-sender.js';
import { MerchantExtensions } from '../delivery/extensions/merchant-extensions.js';
import { TokenDirectories } from '../tokens/directory/token-directories.js';
import { TeamHealth } from './team-health.js';
import { TeamProviders } from './team-providers.js';
import type { Team } from './team.js';
import { watchedDirectory } from './watched-directory.js';

/** What teams bring besides handlers. */
@Injectable()
export class TeamExtensions {
  constructor(
    private readonly providers: TeamProviders,
    private readonly extensions: MerchantExtensions,
    private readonly directories: TokenDirectories,
    private readonly watch: HandlerWatch,
    private readonly health: TeamHealth,
  ) {}

  /** @throws ConfigurationError where two teams are at odds, or a class is not provided */
  register(team: Team): void {
    const { eventMappers = [], notificationFilters = [], destinationKinds = {} } = team;
    try {
      for (const type of eventMappers) this.extensions.addMapper(team.team, this.providers.get(team, type));
      for (const type of notificationFilters) this.extensions.addFilter(team.team, this.providers.get(team, type));
      this.registerDirectories(team);
      for (const [kind, type] of Object.entries(destinationKinds)) {
        this.health.add(kindName(kind), this.providers.get(team, type), 'dispatcher');
      }
    } catch (error) {
      if (error instanceof ConfigurationError) throw error;
      throw new ConfigurationError(error instanceof Error ? error.message : typeof error);
    }
  }

  private registerDirectories(team: Team): void {
    for (const [index, type] of (team.tokenDirectories ?? []).entries()) {
      const name = index === 0 ? `directory:${team.team}` : `directory:${team.team}-${index + 1}`;
      const directory = this.providers.get(team, type);
      this.directories.register(team.team, watchedDirectory(name, directory, this.watch));
      this.health.add(name, directory, 'intake');
    }
  }
}
