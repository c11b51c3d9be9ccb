import type { Type } from '@nestjs/common';
import { merchantModuleOptions } from '@gateway/merchant-kit';
import { ConfigurationError } from '../config/load-config.js';
import { TeamMigrationFailed } from './team-migration-failed.js';

/**
 * An error at start, with the team whose code it came from before it, so that nobody has to read a stack to know whom to
 * ask: known by the file it was thrown in, or by the team's module, which Nest names.
 */
export function namingTeam(error: unknown, modules: readonly Type[]): unknown {
  if (!(error instanceof Error) || error instanceof ConfigurationError || error instanceof TeamMigrationFailed) {
    return error;
  }
  const { message, stack = '' } = error;
  for (const module of modules) {
    const team = merchantModuleOptions(module)?.team;
    if (!team || !(isCodeOf(team, stack) || message.includes(module.name))) continue;
    return new Error(`Team ${team} (${module.name}) keeps the gateway from starting: ${message}`, { cause: error });
  }
  return error;
}

/** Compiled, a team's files are in a folder of its name; bundled, they are in one file of that name (scripts/bundle.mjs). */
function isCodeOf(team: string, stack: string): boolean {
  return stack.includes(`/merchant-${team}/`) || stack.includes(`/merchant-${team}.js`);
}
