import type { Type } from '@nestjs/common';

/**
 * The teams' modules that this gateway runs: one line each, and nothing else enables one. `npm run new-merchant` adds
 * its own.
 */
export const merchants: readonly Type[] = [];
