import { InitialSchema1795400000000 } from './1795400000000-initial-schema.js';

/** In the order in which they run. */
export const postgresMigrations = [InitialSchema1795400000000];
