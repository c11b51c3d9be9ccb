import { inKitRange, KIT_VERSION, type MerchantModuleOptions } from '@gateway/merchant-kit';
import { ConfigurationError } from '../config/load-config.js';

const TEAM = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const HANDLER = /^[A-Za-z0-9_-]{1,64}$/;
const KIND = /^[a-z][a-z0-9-]{0,15}$/;
const TABLE_PREFIX = /^team_[a-z0-9_]+_$/;
const MAX_TEAM_LENGTH = 32;
const OWN_KINDS = new Set(['webhook', 'handler', 'stream']);

/** @throws ConfigurationError where a name has another form than it must, or the kit is not one the team works with */
export function assertWellFormed({ team, kit, handlers, destinationKinds, tablePrefix }: MerchantModuleOptions): void {
  const fail = (problem: string): never => {
    throw new ConfigurationError(`Team ${team}: ${problem}`);
  };
  if (!TEAM.test(team) || team.length > MAX_TEAM_LENGTH) {
    fail(`a team's name is lower case, digits and -, ${MAX_TEAM_LENGTH} characters at most`);
  }
  const supported = inKitRange(KIT_VERSION, kit);
  if (supported === undefined) fail(`the kit's range "${kit}" is not written as ^1.0 or ^1.0 || ^2.0`);
  if (!supported) fail(`it works with merchant-kit ${kit}, and this gateway has ${KIT_VERSION}`);
  for (const name of Object.keys(handlers ?? {})) {
    if (!HANDLER.test(name)) fail(`a handler cannot be called "${name}": 1 to 64 letters, digits, _ or -`);
  }
  for (const name of Object.keys(destinationKinds ?? {})) {
    if (!KIND.test(name) || OWN_KINDS.has(name)) {
      fail(`a kind of destination cannot be called "${name}": 1 to 16 lower-case letters, digits and -, none of ours`);
    }
  }
  if (tablePrefix !== undefined && !TABLE_PREFIX.test(tablePrefix)) {
    fail(`the table prefix "${tablePrefix}" is not written as team_…_`);
  }
}
