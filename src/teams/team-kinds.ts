import type { DestinationKind } from '@gateway/merchant-kit';
import { Inject, Injectable } from '@nestjs/common';
import { HandlerWatch } from '../delivery/destinations/handler/handler-watch.js';
import { kindName } from '../delivery/destinations/team-kind/team-kind-sender.js';
import { DestinationKinds } from '../registry/destination-kinds.js';
import { TeamProviders } from './team-providers.js';
import type { Team } from './team.js';
import { TEAMS } from './teams.js';

/** The kinds of destination that teams bring. Found when they are asked for: provisioning does, early at start. */
@Injectable()
export class TeamKinds extends DestinationKinds {
  readonly names: readonly string[];
  private readonly found = new Map<string, DestinationKind>();

  constructor(
    @Inject(TEAMS) private readonly teams: readonly Team[],
    private readonly providers: TeamProviders,
    private readonly watch: HandlerWatch,
  ) {
    super();
    this.names = teams.flatMap(({ destinationKinds }) => Object.keys(destinationKinds ?? {}));
  }

  find(name: string): DestinationKind | undefined {
    const known = this.found.get(name);
    if (known) return known;
    for (const team of this.teams) {
      const type = Object.entries(team.destinationKinds ?? {}).find(([kind]) => kind === name)?.[1];
      if (!type) continue;
      const kind = this.watched(name, this.providers.get(team, type));
      this.found.set(name, kind);
      return kind;
    }
    return undefined;
  }

  /** Sending is watched by the sender. */
  private watched(name: string, kind: DestinationKind): DestinationKind {
    return {
      problem: (settings) => this.watch.runSync(kindName(name), () => kind.problem?.(settings)),
      send: (settings, message) => kind.send(settings, message),
    };
  }
}
