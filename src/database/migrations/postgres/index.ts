import { InitialSchema1795400000000 } from './1795400000000-initial-schema.js';
import { Deliveries1795500000000 } from './1795500000000-deliveries.js';
import { Operations1795600000000 } from './1795600000000-operations.js';

/** In the order in which they run. */
export const postgresMigrations = [InitialSchema1795400000000, Deliveries1795500000000, Operations1795600000000];
