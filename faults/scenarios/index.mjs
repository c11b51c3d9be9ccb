import { clockJump } from './clock-jump.mjs';
import { diskFull } from './disk-full.mjs';
import { frozenPrimary } from './frozen-primary.mjs';
import { instances } from './instances.mjs';
import { killNine } from './kill-9.mjs';
import { networkFaults } from './network-cut.mjs';
import { overload } from './overload.mjs';
import { exhaustions } from './pool-exhausted.mjs';
import { postgresRestarts } from './postgres-restart.mjs';
import { rollingRestart } from './rolling-restart.mjs';
import { slowDisk } from './slow-disk.mjs';
import { terminateBackends } from './terminate-backends.mjs';
import { twoInstances } from './two-instances.mjs';

/** In the order in which they are played and reported. */
export const SCENARIOS = [
  killNine,
  ...postgresRestarts,
  terminateBackends,
  frozenPrimary,
  ...exhaustions,
  diskFull,
  clockJump,
  ...networkFaults,
  slowDisk,
  twoInstances,
  instances,
  rollingRestart,
  overload,
];
