import { readConfiguration } from '@gateway/merchant-kit';
import { ConfigurationError } from '../config/load-config.js';
import type { Team } from './team.js';

/** @throws ConfigurationError naming the variables at fault: here already, before anything is opened */
export function assertConfigured(teams: readonly Team[], variables: Readonly<Record<string, string>>): void {
  for (const { team, configuration } of teams) {
    try {
      if (configuration) readConfiguration(configuration, team, variables);
    } catch (error) {
      throw new ConfigurationError(error instanceof Error ? error.message : String(error));
    }
  }
}
