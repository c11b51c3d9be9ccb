import type { HandlerHealth } from '@gateway/merchant-kit';
import { Injectable } from '@nestjs/common';
import { GatewayConfig, type Role } from '../config/gateway-config.js';
import { HandlerWatch } from '../delivery/destinations/handler/handler-watch.js';
import { withinTime } from './within-time.js';

const TIMEOUT_MS = 2000;

/** Team's code that may say how it is. */
interface Answerable {
  healthy?(): HandlerHealth | Promise<HandlerHealth>;
}

/** What of the teams' code this instance runs, and how it is. */
@Injectable()
export class TeamHealth {
  private readonly parts = new Map<string, Answerable>();

  constructor(
    private readonly watch: HandlerWatch,
    private readonly config: GatewayConfig,
  ) {}

  /** @param role that an instance must have to run it */
  add(name: string, part: Answerable, role: Role): void {
    if (this.config.roles.has(role)) this.parts.set(name, part);
  }

  get names(): readonly string[] {
    return [...this.parts.keys()];
  }

  async ask(name: string): Promise<HandlerHealth> {
    const part = this.parts.get(name);
    try {
      return await withinTime(TIMEOUT_MS, () => this.watch.run(name, async () => part?.healthy?.() ?? true));
    } catch (error) {
      return error instanceof Error ? error.message : 'it failed to say';
    }
  }
}
