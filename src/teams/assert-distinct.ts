import { ConfigurationError } from '../config/load-config.js';
import type { Team } from './team.js';

/** @throws ConfigurationError naming both teams where two claim the same: which of them holds would be chance */
export function assertDistinct(teams: readonly Team[]): void {
  const claims: [what: string, of: (team: Team) => readonly string[]][] = [
    ['the name', ({ team }) => [team]],
    ['a handler', ({ handlers }) => Object.keys(handlers ?? {})],
    ['a kind of destination', ({ destinationKinds }) => Object.keys(destinationKinds ?? {})],
    ['a migration', ({ migrations }) => migrationNames(migrations)],
    ['a module with controllers', ({ tree }) => modulesWithControllers(tree)],
  ];
  for (const [what, of] of claims) assertClaimedOnce(teams, what, of);
  for (const [index, one] of teams.entries()) {
    for (const other of teams.slice(index + 1)) {
      if (!overlap(one.tablePrefix, other.tablePrefix)) continue;
      throw new ConfigurationError(
        `Teams ${nameOf(one)} and ${nameOf(other)} both use tables that begin with ${longer(one, other)}`,
      );
    }
  }
}

function assertClaimedOnce(teams: readonly Team[], what: string, of: (team: Team) => readonly string[]): void {
  const owners = new Map<string, Team>();
  for (const team of teams) {
    for (const claimed of new Set(of(team))) {
      const owner = owners.get(claimed);
      if (owner) {
        throw new ConfigurationError(`Teams ${nameOf(owner)} and ${nameOf(team)} both have ${what} called ${claimed}`);
      }
      owners.set(claimed, team);
    }
  }
}

/** With the module: two teams may claim one name. */
function nameOf({ team, module }: Team): string {
  return `${team} (${module.name})`;
}

function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one);
}

function longer(one: Team, other: Team): string {
  return one.tablePrefix.length > other.tablePrefix.length ? one.tablePrefix : other.tablePrefix;
}

/** Both engines' migrations are mostly of one name. */
function migrationNames(migrations: Team['migrations']): string[] {
  return [...(migrations?.sqlite ?? []), ...(migrations?.postgres ?? [])].map(({ name }) => name);
}

function modulesWithControllers(tree: Team['tree']): string[] {
  return tree.filter(({ controllers }) => controllers.length > 0).map(({ module }) => module.name);
}
