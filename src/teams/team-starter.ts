import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ConfigurationError } from '../config/load-config.js';
import { HandlerRegistry } from '../delivery/destinations/handler/handler-registry.js';
import { MerchantExtensions } from '../delivery/extensions/merchant-extensions.js';
import { describeCause } from '../http/log-error.js';
import { TokenDirectories } from '../tokens/directory/token-directories.js';
import type { Team } from './team.js';
import { TeamProviders } from './team-providers.js';
import { TEAMS } from './teams.js';
import { withinTime } from './within-time.js';

const STOP_TIMEOUT_MS = 5000;

/** Registers the teams' handlers, starts them before the first event, and stops them after the last. */
@Injectable()
export class TeamStarter implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(TeamStarter.name);

  constructor(
    @Inject(TEAMS) private readonly teams: readonly Team[],
    private readonly providers: TeamProviders,
    private readonly handlers: HandlerRegistry,
    private readonly extensions: MerchantExtensions,
    private readonly directories: TokenDirectories,
  ) {}

  /** @throws ConfigurationError naming the team whose handler does not start */
  async onModuleInit(): Promise<void> {
    for (const team of this.teams) {
      for (const [name, type] of Object.entries(team.handlers ?? {})) {
        this.handlers.register(name, this.providers.get(team, type), team.team);
      }
    }
    for (const team of this.teams) this.extend(team);
    for (const { name, team, handler } of this.handlers.all()) {
      try {
        await handler.start?.();
      } catch (error) {
        throw new ConfigurationError(`Team ${team}: the handler ${name} did not start: ${message(error)}`);
      }
    }
  }

  private extend(team: Team): void {
    const { eventMappers = [], notificationFilters = [], tokenDirectories = [] } = team;
    try {
      for (const type of eventMappers) this.extensions.addMapper(team.team, this.providers.get(team, type));
      for (const type of notificationFilters) this.extensions.addFilter(team.team, this.providers.get(team, type));
      for (const type of tokenDirectories) this.directories.register(team.team, this.providers.get(team, type));
    } catch (error) {
      throw error instanceof ConfigurationError ? error : new ConfigurationError(message(error));
    }
  }

  /** The dispatcher has ended by now: nothing is handled any more. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.handlers.all().map((one) => this.stop(one)));
  }

  private async stop({ name, team, handler }: ReturnType<HandlerRegistry['all']>[number]): Promise<void> {
    try {
      await withinTime(STOP_TIMEOUT_MS, async () => handler.stop?.());
    } catch (error) {
      this.logger.error({ msg: 'A handler did not stop', team, handler: name, cause: describeCause(error) });
    }
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : typeof error;
}
