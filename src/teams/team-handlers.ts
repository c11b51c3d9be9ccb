import { Injectable, Logger } from '@nestjs/common';
import { GatewayConfig } from '../config/gateway-config.js';
import { ConfigurationError } from '../config/load-config.js';
import { HandlerRegistry, type RegisteredHandler } from '../delivery/destinations/handler/handler-registry.js';
import { HandlerWatch } from '../delivery/destinations/handler/handler-watch.js';
import { describeCause } from '../http/log-error.js';
import { TeamHealth } from './team-health.js';
import { TeamProviders } from './team-providers.js';
import type { Team } from './team.js';
import { withinTime } from './within-time.js';

const STOP_TIMEOUT_MS = 5000;

/**
 * The teams' handlers: known in every role, since destinations name them; started and stopped only where deliveries are made.
 * What keeps one from starting is nothing to the intake.
 */
@Injectable()
export class TeamHandlers {
  private readonly logger = new Logger(TeamHandlers.name);

  constructor(
    private readonly providers: TeamProviders,
    private readonly registry: HandlerRegistry,
    private readonly watch: HandlerWatch,
    private readonly health: TeamHealth,
    private readonly config: GatewayConfig,
  ) {}

  register(team: Team): void {
    for (const [name, type] of Object.entries(team.handlers ?? {})) {
      const handler = this.providers.get(team, type);
      this.registry.register(name, handler, team.team);
      this.health.add(name, handler, 'dispatcher');
    }
  }

  /** @throws ConfigurationError naming the team whose handler does not start */
  async start(): Promise<void> {
    for (const { name, team, handler } of this.running) {
      try {
        await withinTime(this.config.delivery.handlerStartTimeoutMs, () =>
          this.watch.run(name, async () => handler.start?.()),
        );
      } catch (error) {
        const message = error instanceof Error ? error.message : typeof error;
        throw new ConfigurationError(`Team ${team}: the handler ${name} did not start: ${message}`);
      }
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.map((one) => this.stopOne(one)));
  }

  private get running(): readonly RegisteredHandler[] {
    return this.config.roles.has('dispatcher') ? this.registry.all() : [];
  }

  private async stopOne({ name, team, handler }: RegisteredHandler): Promise<void> {
    try {
      await withinTime(STOP_TIMEOUT_MS, () => this.watch.run(name, async () => handler.stop?.()));
    } catch (error) {
      this.logger.error({ msg: 'A handler did not stop', team, handler: name, cause: describeCause(error) });
    }
  }
}
