import { Injectable, type Type } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { ConfigurationError } from '../config/load-config.js';
import type { Team } from './team.js';

/** Finds the instances of the classes that a team has registered, in the team's own modules. */
@Injectable()
export class TeamProviders {
  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws ConfigurationError where none of the team's modules provides the class, or not as one for all */
  get<T>({ team, module, tree }: Team, wanted: Type<T>): T {
    const modules = new Set(tree.map((parts) => parts.module));
    const found = this.discovery
      .getProviders()
      .find(({ token, host }) => token === wanted && modules.has(host?.metatype as Type));
    if (!found) {
      throw new ConfigurationError(
        `Team ${team}: ${wanted.name} is registered, and ${module.name} does not provide it`,
      );
    }
    if (!found.isDependencyTreeStatic()) {
      throw new ConfigurationError(`Team ${team}: ${wanted.name} must be a singleton, since there is no request`);
    }
    return found.instance as T;
  }
}
