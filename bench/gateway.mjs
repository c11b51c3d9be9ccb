// A gateway as `npm start` runs it in production mode, on a core of its own, with a registry for the bench.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export const IDS = { merchantGatewayId: 'MGW_000001', merchantId: '10610027312' };
export const CLIENT = { clientId: 'bench', clientSecret: 'bench-secret' };
export const BASIC = `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}`;
export const TOKENS = 10_000;

/** The flags of `npm start`. */
const FLAGS = JSON.parse(readFileSync('package.json', 'utf8')).scripts.start.split(' ').slice(1, -1);

export class BenchGateway {
  /** @param merchants as in a provisioning file; by default one with these destinations */
  static async create({ destinations = [], merchants = [benchMerchant(destinations)], env = {} } = {}) {
    mkdirSync('data', { recursive: true });
    const gateway = new BenchGateway();
    gateway.dataDir = mkdtempSync(join('data', 'bench-'));
    gateway.port = await freePort();
    gateway.url = `http://127.0.0.1:${gateway.port}`;
    gateway.env = env;
    writeFileSync(join(gateway.dataDir, 'provision.json'), JSON.stringify(provision(merchants)));
    return gateway;
  }

  /** @returns milliseconds until it was ready */
  async start() {
    const startedMs = performance.now();
    const command = [process.execPath, ...FLAGS, 'dist/src/main.js'];
    const [program, ...args] = availableParallelism() > 1 ? ['taskset', '-c', '0', ...command] : command;
    this.child = spawn(program, args, {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        HOST: '127.0.0.1',
        PORT: String(this.port),
        PUBLIC_URL: this.url,
        DATA_DIR: this.dataDir,
        MASTER_KEY: Buffer.alloc(32, 1).toString('base64'),
        PROVISION_FILE: join(this.dataDir, 'provision.json'),
        ...this.env,
      },
      // The log is written whole, into a file.
      stdio: ['ignore', openSync(join(this.dataDir, 'gateway.log'), 'a'), 'inherit'],
    });
    while (!(await this.isReady())) {
      if (this.child.exitCode !== null) throw new Error('The gateway did not start');
    }
    return Math.round(performance.now() - startedMs);
  }

  async stop() {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }

  async close() {
    if (this.child?.exitCode === null) await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  rssMb() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
  }

  async authorization() {
    const answer = await fetch(`${this.url}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: BASIC },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    return `Bearer ${(await answer.json()).access_token}`;
  }

  /** Asks every 5 ms: that is how exact "start to ready" is. */
  async isReady() {
    await wait(5);
    return fetch(`${this.url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  }
}

/** Paths of tokens spread over the registry in an order that repeats nothing for long. */
export function notifyPaths() {
  const { merchantGatewayId, merchantId } = IDS;
  return Array.from(
    { length: 1000 },
    (_, index) =>
      `/merchant-gateways/${merchantGatewayId}/merchants/${merchantId}/tokens/token-${(index * 7919) % TOKENS}/notify-update`,
  );
}

export function row(name, value) {
  console.log(`${name.padEnd(34)}${value}`);
}

function benchMerchant(destinations) {
  const tokens = Array.from({ length: TOKENS }, (_, index) => `token-${index}`);
  return { id: IDS.merchantId, name: 'Bench shop', tokens, destinations };
}

function provision(merchants) {
  return {
    merchantGateways: [{ id: IDS.merchantGatewayId, name: 'Bench PSP', merchants }],
    clients: [{ ...CLIENT, scopes: ['d1:notify'], merchantGateways: [IDS.merchantGatewayId] }],
  };
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return port;
}
