import { merchantModuleOptions } from '@gateway/merchant-kit';
import type { Type } from '@nestjs/common';
import { ConfigurationError } from '../config/load-config.js';
import { assertContained } from './assert-contained.js';
import { assertDistinct } from './assert-distinct.js';
import { assertTables } from './assert-tables.js';
import { assertWellFormed } from './assert-well-formed.js';
import { moduleTree } from './module-tree.js';
import { defaultTablePrefix, type Team } from './team.js';

/**
 * Reads the teams' modules and holds them to the rules, before anything of them runs.
 *
 * @throws ConfigurationError naming the team at fault, and both where two are at odds
 */
export async function readTeams(modules: readonly Type[]): Promise<readonly Team[]> {
  const teams: Team[] = [];
  for (const module of modules) teams.push(await readTeam(module));
  assertDistinct(teams);
  return teams;
}

async function readTeam(module: Type): Promise<Team> {
  const options = merchantModuleOptions(module);
  if (!options) {
    throw new ConfigurationError(`${module.name} is listed in src/merchants.ts and imports no MerchantModule.register`);
  }
  assertWellFormed(options);
  const team: Team = {
    ...options,
    module,
    tree: await moduleTree(module),
    tablePrefix: options.tablePrefix ?? defaultTablePrefix(options.team),
  };
  assertContained(team);
  assertTables(team);
  return team;
}
