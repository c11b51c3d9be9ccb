import { variablePrefixOf } from '@gateway/merchant-kit';
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
  // A prefix that begins with another's is in it: `acme` would read what is meant for `acme-eu`.
  assertApart(teams, 'settings', ({ team }) => variablePrefixOf(team));
  assertApart(teams, 'tables', ({ tablePrefix }) => tablePrefix);
}

function assertApart(teams: readonly Team[], what: string, prefixOf: (team: Team) => string): void {
  for (const [index, one] of teams.entries()) {
    for (const other of teams.slice(index + 1)) {
      const [shorter = '', longer = ''] = [prefixOf(one), prefixOf(other)].sort((a, b) => a.length - b.length);
      if (!longer.startsWith(shorter)) continue;
      throw new ConfigurationError(
        `Teams ${nameOf(one)} and ${nameOf(other)} both use ${what} that begin with ${longer}`,
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

/** Both engines' migrations are mostly of one name. */
function migrationNames(migrations: Team['migrations']): string[] {
  return [...(migrations?.sqlite ?? []), ...(migrations?.postgres ?? [])].map(({ name }) => name);
}

function modulesWithControllers(tree: Team['tree']): string[] {
  return tree.filter(({ controllers }) => controllers.length > 0).map(({ module }) => module.name);
}
