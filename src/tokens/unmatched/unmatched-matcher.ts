import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../clock/clock.js';
import { GatewayConfig } from '../../config/gateway-config.js';
import { describeCause } from '../../http/log-error.js';
import { RegistrationEvents } from '../../registry/registration-events.js';
import { IntakeEvents } from '../intake/intake-events.js';
import { NotificationsRepository } from '../repository/notifications.repository.js';

const BATCH = 500;

/**
 * Turns unmatched notifications into notifications once their token is registered: when this instance registers
 * something, and every `UNMATCHED_SWEEP_SECONDS`. The sweep is for what the event cannot see: a registration by another
 * instance, and one that commits while the call is being recorded as unmatched.
 */
@Injectable()
export class UnmatchedMatcher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(UnmatchedMatcher.name);
  private readonly onRegistered = (): void => void this.match();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly repository: NotificationsRepository,
    private readonly registrations: RegistrationEvents,
    private readonly events: IntakeEvents,
    private readonly clock: Clock,
    private readonly config: GatewayConfig,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.roles.size === 0) return;
    this.registrations.on('registered', this.onRegistered);
    this.timer = setInterval(this.onRegistered, this.config.intake.unmatchedSweepSeconds * 1000);
    void this.match();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.registrations.off('registered', this.onRegistered);
    await this.running;
  }

  /** Resolves when everything that can be matched is. One run at a time; a call during a run adds another after it. */
  match(): Promise<void> {
    this.again = true;
    this.running ??= this.run().finally(() => (this.running = undefined));
    return this.running;
  }

  private async run(): Promise<void> {
    try {
      while (this.again) {
        this.again = false;
        await this.matchAll();
      }
    } catch (error) {
      // The next sweep tries again; nothing is lost, the records stay open.
      this.logger.error({ msg: 'Unmatched notifications were not matched', cause: describeCause(error) });
    }
  }

  private async matchAll(): Promise<void> {
    let matched: number;
    do {
      const { results, dueDestinations } = await this.repository.matchUnmatched(BATCH, this.clock.nowMs());
      matched = results;
      if (dueDestinations.length > 0) this.events.emit('due', dueDestinations);
      if (matched > 0) this.events.emit('matched', matched);
      if (matched > 0) this.logger.log({ msg: 'Unmatched notifications became notifications', matched });
    } while (matched === BATCH);
  }
}
