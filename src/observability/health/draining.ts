import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as wait } from 'node:timers/promises';
import { GatewayConfig } from '../../config/gateway-config.js';

/**
 * The first step of stopping: readiness fails, and for `SHUTDOWN_DELAY_MS` everything is still served, so that the
 * load balancer looks elsewhere before the port closes. Requests in flight then finish.
 */
@Injectable()
export class Draining implements BeforeApplicationShutdown {
  private readonly logger = new Logger(Draining.name);
  private started = false;

  constructor(private readonly config: GatewayConfig) {}

  get isOn(): boolean {
    return this.started;
  }

  async beforeApplicationShutdown(signal?: string): Promise<void> {
    this.started = true;
    this.logger.log({ msg: 'Draining', signal });
    await wait(this.config.server.shutdownDelayMs);
  }
}
