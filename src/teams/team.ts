import { variablePrefixOf, type MerchantModuleOptions } from '@gateway/merchant-kit';
import type { Type } from '@nestjs/common';
import type { ModuleParts } from './module-tree.js';

/** One team and what it brings, as its module says it. */
export interface Team extends MerchantModuleOptions {
  readonly module: Type;
  /** Its module and all that this imports, each once. */
  readonly tree: readonly ModuleParts[];
  readonly tablePrefix: string;
}

/** What all paths of the team begin with; no slash at its ends. */
export function pathOf(team: string): string {
  return `merchants/${team}`;
}

/** What the team's tables begin with, where it does not say. */
export function defaultTablePrefix(team: string): string {
  return variablePrefixOf(team).toLowerCase();
}
