// `npm run faults`: breaks a gateway at work in every way it must survive, and reports what came of it.
import { Command, Option } from 'commander';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { SCENARIOS } from './scenarios/index.mjs';
import { findPostgres } from './support/postgres.mjs';
import { printResult, table, writeReport } from './support/report.mjs';
import { Skipped } from './support/system.mjs';

const names = SCENARIOS.map(({ name }) => name);
const list = (value) => value.split(',').map((name) => name.trim());
const options = new Command('npm run faults --')
  .description(
    'Real faults, one after the other: sent, answered, delivered, lost (which must be 0), time to recover unaided.',
  )
  .option('--only <names>', `of ${names.join(', ')}`, list)
  .option('--quick', 'fewer repetitions, and only what needs nothing but PostgreSQL', false)
  .addOption(new Option('--engine <engine>', 'only this one').choices(['postgres', 'sqlite']))
  .option('--write', "put the rows into docs/faults.md, in place of the scenarios' old ones", false)
  .option('--keep', 'keep databases and logs of the gateways', false)
  .parse()
  .opts();

const unknown = (options.only ?? []).filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no scenario ${unknown.join(', ')}. There are: ${names.join(', ')}`);
  process.exit(2);
}

// `exit` undoes what is broken (see `atExit`).
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
const root = mkdtempSync(join(tmpdir(), 'gateway-faults-'));
// PostgreSQL runs as another user, where this is root, and must get through to its own folder.
chmodSync(root, 0o711);
const rows = [];
for (const scenario of SCENARIOS.filter(isWanted)) {
  for (const engine of scenario.engines.filter((name) => !options.engine || name === options.engine)) {
    const row = await play(scenario, engine);
    printResult(row);
    rows.push(row);
    // At once: the next one may take the suite with it.
    if (options.write) writeReport([row]);
  }
}
console.log(`\n${table(rows)}`);
const failed = rows.filter(({ skipped, passed }) => !skipped && !passed);
if (!options.keep && failed.length === 0) rmSync(root, { recursive: true, force: true });
else console.log(`\nDatabases and logs: ${root}`);
// Nothing played is nothing shown.
process.exit(failed.length > 0 || rows.every(({ skipped }) => skipped) ? 1 : 0);

function isWanted({ name, quick }) {
  return options.only ? options.only.includes(name) : quick || !options.quick;
}

async function play(scenario, engine) {
  const { quick } = options;
  const row = { name: scenario.name, engine, fault: scenario.fault({ quick }) };
  const folder = join(root, `${scenario.name}-${engine}`);
  const startedMs = performance.now();
  try {
    if (engine === 'postgres' && !findPostgres()) throw new Skipped('no PostgreSQL server binaries');
    return { ...row, ...(await scenario.play({ engine, quick, folder, wait })), tookMs: performance.now() - startedMs };
  } catch (error) {
    if (error instanceof Skipped) return { ...row, skipped: error.message };
    return { ...row, passed: false, faults: [error.stack ?? String(error)] };
  }
}
