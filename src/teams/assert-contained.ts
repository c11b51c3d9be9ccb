import type { Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { ConfigurationError } from '../config/load-config.js';
import type { Team } from './team.js';

const EVERYWHERE = new Map<unknown, string>([
  [APP_FILTER, 'APP_FILTER'],
  [APP_GUARD, 'APP_GUARD'],
  [APP_INTERCEPTOR, 'APP_INTERCEPTOR'],
  [APP_PIPE, 'APP_PIPE'],
]);

/**
 * Nest keeps a module's parts to itself, but for three things: global modules, what is provided under one of Nest's `APP_…`
 * tokens, and middleware. Any would reach the gateway and other teams.
 *
 * @throws ConfigurationError naming the team and the module
 */
export function assertContained({ team, tree }: Team): void {
  for (const { module, isGlobal, providers } of tree) {
    if (isGlobal) {
      throw new ConfigurationError(`Team ${team}: ${module.name} is global, and would reach beyond the team`);
    }
    if (typeof (module.prototype as { configure?: unknown }).configure === 'function') {
      throw new ConfigurationError(
        `Team ${team}: ${module.name} configures middleware, which would see the calls of the whole gateway`,
      );
    }
    const token = providers.map(tokenOf).find((one) => EVERYWHERE.has(one));
    if (token) {
      throw new ConfigurationError(
        `Team ${team}: ${module.name} provides ${EVERYWHERE.get(token)}, which would hold for the whole gateway`,
      );
    }
  }
}

function tokenOf(provider: Provider): unknown {
  return typeof provider === 'object' && 'provide' in provider ? provider.provide : provider;
}
