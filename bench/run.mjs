// `npm run bench`: the built gateway in production mode on one core, the load on another, and what comes out.
// SQLite in a temporary folder on this disk, so that a commit is a real one; PostgreSQL with DATABASE_URL set.
import autocannon from 'autocannon';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
const TOKENS = 10_000;
/** Those of `npm start`. */
const START_FLAGS = JSON.parse(readFileSync('package.json', 'utf8')).scripts.start.split(' ').slice(1, -1);
const CLIENT = { clientId: 'bench', clientSecret: 'bench-secret' };
const IDS = { gateway: 'MGW_000001', merchant: '10610027312' };

mkdirSync('data', { recursive: true });
const dataDir = mkdtempSync(join('data', 'bench-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
try {
  await report();
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}

async function report() {
  writeFileSync(join(dataDir, 'provision.json'), JSON.stringify(provision()));
  console.log(`${cpus()[0]?.model}, ${availableParallelism()} cores, Node ${process.version}`);
  console.log(`engine ${process.env.DATABASE_URL ? 'PostgreSQL' : 'SQLite'}, ${TOKENS} tokens, ${SECONDS} s a row\n`);
  // The first start migrates and registers; the second is what an operator sees from then on.
  const first = await start();
  await first.stop();
  const gateway = await start();
  row('start to ready', `${gateway.readyMs} ms`);
  row('RSS idle', `${gateway.rssMb()} MB`);
  console.log();
  const authorization = `Bearer ${await accessToken()}`;
  const notify = { method: 'POST', headers: { authorization }, requests: requests() };
  await load({ ...notify, connections: 64, duration: 3 });
  for (const connections of [1, 16, 64, 256]) {
    print(`notify-update, ${connections} connections`, await load({ ...notify, connections }));
  }
  row('RSS after the load', `${gateway.rssMb()} MB`);
  const basic = `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}`;
  const headers = { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' };
  print(
    'access token, 64 connections',
    await load({ url: `${url}/oauth2/token`, method: 'POST', headers, body: 'grant_type=client_credentials', connections: 64 }),
  );
  await gateway.stop();
}

function provision() {
  const tokens = Array.from({ length: TOKENS }, (_, index) => `token-${index}`);
  const merchants = [{ id: IDS.merchant, name: 'Bench shop', tokens }];
  return {
    merchantGateways: [{ id: IDS.gateway, name: 'Bench PSP', merchants }],
    clients: [{ ...CLIENT, scopes: ['d1:notify'], merchantGateways: [IDS.gateway] }],
  };
}

/** Tokens spread over the registry in an order that repeats nothing. */
function requests() {
  return Array.from({ length: 1000 }, (_, index) => ({
    path: `/merchant-gateways/${IDS.gateway}/merchants/${IDS.merchant}/tokens/token-${(index * 7919) % TOKENS}/notify-update`,
  }));
}

async function start() {
  const startedMs = performance.now();
  const command = [process.execPath, ...START_FLAGS, 'dist/src/main.js'];
  // A core of its own, so that the generator's work is not measured as the gateway's.
  const pinned = availableParallelism() > 1 ? ['taskset', '-c', '0', ...command] : command;
  const gateway = spawn(pinned[0], pinned.slice(1), {
    env: {
      ...process.env,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: url,
      DATA_DIR: dataDir,
      MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
      PROVISION_FILE: join(dataDir, 'provision.json'),
    },
    // The log is written whole, into a file.
    stdio: ['ignore', openSync(join(dataDir, 'gateway.log'), 'a'), 'inherit'],
  });
  while (!(await isReady())) {
    if (gateway.exitCode !== null) throw new Error('The gateway did not start');
  }
  return {
    readyMs: Math.round(performance.now() - startedMs),
    rssMb: () => Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))?.[1]) / 1024),
    stop: async () => {
      const exited = once(gateway, 'exit');
      gateway.kill('SIGTERM');
      await exited;
    },
  };
}

/** Asks every 5 ms: that is how exact "start to ready" is. */
async function isReady() {
  await wait(5);
  return fetch(`${url}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function accessToken() {
  const answer = await fetch(`${url}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return (await answer.json()).access_token;
}

async function load(options) {
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const result = await autocannon({ url, duration: SECONDS, ...options });
  const { user, system } = process.cpuUsage(cpuBefore);
  return { ...result, generatorCpu: (user + system) / 1000 / (performance.now() - startedMs) };
}

function print(name, { requests: { average }, latency, non2xx, errors, generatorCpu }) {
  const saturated = generatorCpu > 0.95 ? ' (saturated: the gateway can do more)' : '';
  row(
    name,
    `${Math.round(average)}/s  p50 ${latency.p50} ms  p99 ${latency.p99} ms  p99.9 ${latency.p99_9} ms  ` +
      `not 2xx ${non2xx}  errors ${errors}  generator CPU ${Math.round(generatorCpu * 100)} %${saturated}`,
  );
}

function row(name, value) {
  console.log(`${name.padEnd(32)}${value}`);
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address();
  probe.close();
  return free;
}
