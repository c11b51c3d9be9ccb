import { measureAccessToken } from './access-token.mjs';
import { measureBesideDeliveries } from './beside-deliveries.mjs';
import { measureBesideGuesses } from './beside-guesses.mjs';
import { measureDeliveries } from './deliveries.mjs';
import { measureGrowth } from './growth.mjs';
import { measureImport } from './import.mjs';
import { measureInstances } from './instances.mjs';
import { measureIntake } from './intake.mjs';
import { measureMemory } from './memory.mjs';
import { measureStalledMerchants } from './stalled-merchants.mjs';
import { measureStart } from './start.mjs';

/**
 * In the order of the report. `once`: on the first engine only, to keep within the time; `isExtra`: only when asked for;
 * `hasNoBar`: left out of `--quick`; `engineKey`: on this engine only.
 */
export const MEASURES = [
  { name: 'intake', measure: measureIntake },
  { name: 'token', measure: measureAccessToken, once: true },
  { name: 'instances', measure: measureInstances, engineKey: 'postgres', hasNoBar: true },
  { name: 'deliveries', measure: measureDeliveries, hasNoBar: true },
  { name: 'beside-deliveries', measure: measureBesideDeliveries },
  { name: 'stalled', measure: measureStalledMerchants },
  { name: 'start', measure: measureStart },
  { name: 'memory', measure: measureMemory, once: true },
  { name: 'import', measure: measureImport },
  { name: 'beside-guesses', measure: measureBesideGuesses, isExtra: true },
  { name: 'growth', measure: measureGrowth, isExtra: true },
];
