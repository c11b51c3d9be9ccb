import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { StrayErrors } from '../delivery/destinations/handler/stray-errors.js';
import { TeamExtensions } from './team-extensions.js';
import { TeamHandlers } from './team-handlers.js';
import type { Team } from './team.js';
import { TEAMS } from './teams.js';

/** Ties the teams to the gateway, starts their handlers before the first event, and stops them after the last. */
@Injectable()
export class TeamStarter implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(TEAMS) private readonly teams: readonly Team[],
    private readonly handlers: TeamHandlers,
    private readonly extensions: TeamExtensions,
    private readonly stray: StrayErrors,
  ) {}

  /** @throws ConfigurationError naming the team at fault */
  async onModuleInit(): Promise<void> {
    if (this.teams.length === 0) return;
    // Before anything of theirs runs: what a timer of `start` throws would end the process.
    this.stray.begin();
    for (const team of this.teams) this.handlers.register(team);
    for (const team of this.teams) this.extensions.register(team);
    await this.handlers.start();
  }

  /** The dispatcher has ended by now: nothing is handled any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.handlers.stop();
    this.stray.end();
  }
}
