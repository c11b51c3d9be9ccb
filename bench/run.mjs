// `npm run bench`: the built gateway in production mode on one core, the load on the other, and what comes out. SQLite in
// a folder on this disk, so that a commit is a real one; PostgreSQL with DATABASE_URL set.
import { availableParallelism, cpus } from 'node:os';
import { benchBadMerchants } from './bad-merchants.mjs';
import { benchDeliveries } from './deliveries.mjs';
import { TOKENS } from './gateway.mjs';
import { benchIntake } from './intake.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);

console.log(`${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.version}`);
console.log(`engine ${process.env.DATABASE_URL ? 'PostgreSQL' : 'SQLite'}, ${TOKENS} tokens, ${SECONDS} s a row\n`);
await benchIntake(SECONDS);
console.log();
await benchDeliveries();
await benchBadMerchants();
