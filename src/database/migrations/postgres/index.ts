import { InitialSchema1795400000000 } from './1795400000000-initial-schema.js';
import { Deliveries1795500000000 } from './1795500000000-deliveries.js';
import { Operations1795600000000 } from './1795600000000-operations.js';
import { Partitions1795750000000 } from './1795750000000-partitions.js';
import { RegistryApi1795800000000 } from './1795800000000-registry-api.js';
import { Access1795900000000 } from './1795900000000-access.js';
import { AuditAppendOnly1796000000000 } from './1796000000000-audit-append-only.js';
import { PausedDestinations1796100000000 } from './1796100000000-paused-destinations.js';
import { GuessCounts1796200000000 } from './1796200000000-guess-counts.js';
import { FindByToken1796250000000 } from './1796250000000-find-by-token.js';
import { SharedPauses1796260000000 } from './1796260000000-shared-pauses.js';
import { OverviewIndexes1796350000000 } from './1796350000000-overview-indexes.js';
import { OneSequence1796400000000 } from './1796400000000-one-sequence.js';
import { NotificationBlocks1796500000000 } from './1796500000000-notification-blocks.js';
import { IdsByBytes1796600000000 } from './1796600000000-ids-by-bytes.js';
import { TokensById1796700000000 } from './1796700000000-tokens-by-id.js';

/** In the order in which they run. */
export const postgresMigrations = [
  InitialSchema1795400000000,
  Deliveries1795500000000,
  Operations1795600000000,
  Partitions1795750000000,
  RegistryApi1795800000000,
  Access1795900000000,
  AuditAppendOnly1796000000000,
  PausedDestinations1796100000000,
  GuessCounts1796200000000,
  FindByToken1796250000000,
  SharedPauses1796260000000,
  OverviewIndexes1796350000000,
  OneSequence1796400000000,
  NotificationBlocks1796500000000,
  IdsByBytes1796600000000,
  TokensById1796700000000,
];
