// npm run fuzz -- --cases 1000000 --seed 7 --only http,jwt
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { http } from './sources/http.mjs';
import { jwts } from './sources/jwt.mjs';
import { bodies, imports, provisioning } from './sources/registry.mjs';
import { basics, forms } from './sources/token.mjs';
import { startGateway } from './support/gateway.mjs';
import { MemoryWatch } from './support/memory-watch.mjs';

const SOURCES = [http, forms, basics, jwts, imports, bodies, provisioning];
const SEEDS = 'fuzz/seeds';
const BLOCK = 500;
const CONCURRENCY = 24;
const MAX_FAULTS = 10;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_007) },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run fuzz -- [--cases 20000] [--seed <number>] [--only ${SOURCES.map(({ name }) => name).join()}]`);
  process.exit(0);
}

const cases = Number(values.cases);
const seed = Number(values.seed);
const sources = SOURCES.filter(({ name }) => !values.only || values.only.split(',').includes(name));
if (!(cases > 0) || !Number.isSafeInteger(seed) || sources.length === 0) throw new Error('See --help');

const gateway = await startGateway();
const faults = [];
const counts = Object.fromEntries(sources.map(({ name }) => [name, 0]));
const startedMs = Date.now();
let done = 0;
const memory = new MemoryWatch(gateway, cases);

try {
  await replaySeeds();
  for (let block = 0; done < cases && faults.length < MAX_FAULTS; block += 1) await runBlock(block);
} finally {
  await report();
}

/** What was found once is tried first, every time. */
async function replaySeeds() {
  for (const file of readdirSync(SEEDS).filter((name) => name.endsWith('.json'))) {
    const { source, input } = JSON.parse(readFileSync(join(SEEDS, file), 'utf8'));
    const found = sources.find(({ name }) => name === source);
    if (found) await tryOne(found, input);
  }
}

async function runBlock(block) {
  const source = sources[block % sources.length];
  const inputs = fc.sample(source.arbitrary, { numRuns: Math.min(BLOCK, cases - done), seed: seed + block });
  // An access token lives 15 minutes; a million cases take longer.
  if (block % 200 === 199) await refreshAccessTokens();
  const waiting = [...inputs];
  const worker = async () => {
    for (let input = waiting.pop(); input !== undefined && gateway.isUp(); input = waiting.pop())
      await tryOne(source, input);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  done += inputs.length;
  if (!gateway.isUp()) {
    faults.push({ source: source.name, problem: `the gateway ended: ${gateway.said()}`, seed: seed + block });
    done = cases;
  }
  await memory.look(done);
}

async function tryOne(source, input) {
  counts[source.name] += 1;
  const problem = await source.check(input, gateway);
  if (problem === undefined) return;
  const text = JSON.stringify({ source: source.name, problem, input }, undefined, 2);
  const name = `${source.name}-${createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 12)}.json`;
  mkdirSync(SEEDS, { recursive: true });
  writeFileSync(join(SEEDS, name), `${text}\n`);
  faults.push({ source: source.name, problem, kept: name });
}

async function refreshAccessTokens() {
  const { accessToken } = await import('./support/gateway.mjs');
  gateway.accessTokens = { d1: await accessToken(gateway, 'd1'), operator: await accessToken(gateway, 'operator') };
}

async function report() {
  await gateway.stop();
  const seconds = Math.round((Date.now() - startedMs) / 1000);
  console.log(`${done} cases in ${seconds} s, seed ${seed}: ${JSON.stringify(counts)}`);
  const problem = memory.judge();
  if (problem) faults.push({ problem });
  for (const fault of faults) console.log(JSON.stringify(fault));
  console.log(faults.length === 0 ? 'No fault' : `${faults.length} faults`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
