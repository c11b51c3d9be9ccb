// A gateway in a process of its own, on a database that is thrown away.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const IDS = { merchantGatewayId: 'MGW_000001', merchantId: '10610027312', tokenId: 'fuzzed' };
const READY_MS = 60_000;
/** Those of `npm start`. */
const FLAGS = JSON.parse(readFileSync('package.json', 'utf8')).scripts.start.split(' ').slice(1, -1);
const WITHOUT_TEAMS = ['--import', './scripts/without-teams.mjs'];
const REPORTER = ['--expose-gc', '--import', new URL('heap-reporter.mjs', import.meta.url).href];

const PROVISION = {
  merchantGateways: [
    {
      id: IDS.merchantGatewayId,
      name: 'PSP',
      merchants: [{ id: IDS.merchantId, name: 'Shop', tokens: [IDS.tokenId] }],
    },
  ],
  clients: [
    { clientId: 'd1', scopes: ['d1:notify'], merchantGateways: [IDS.merchantGatewayId] },
    { clientId: 'operator', scopes: ['gateway:operate'], merchantGateways: [IDS.merchantGatewayId] },
  ],
};

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

export async function startGateway() {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-fuzz-'));
  const file = join(folder, 'provision.json');
  writeFileSync(file, JSON.stringify(PROVISION));
  const port = await freePort();
  const child = spawn(process.execPath, [...FLAGS, ...WITHOUT_TEAMS, ...REPORTER, 'dist/src/main.js'], {
    env: {
      PATH: process.env.PATH,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: folder,
      PROVISION_FILE: file,
      LOG_LEVEL: 'error',
      // Neither guessing nor overload is what is looked for: then every 503 is a fault.
      GUESS_LIMIT_PER_MINUTE: '100000',
      INTAKE_QUEUE_WAIT_MS: '60000',
      REQUEST_TIMEOUT_MS: '5000',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said += chunk));
  child.stdout.on('data', (chunk) => (said += chunk));
  const gateway = {
    port,
    said: () => said.slice(-2000),
    isUp: () => child.exitCode === null && child.signalCode === null,
    rssBytes: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    /** What is left in memory after a collection, off the heap too. */
    async keptBytes() {
      child.send('collect');
      const [{ keptBytes }] = await once(child, 'message');
      return keptBytes;
    },
    secretOf: (clientId) => new RegExp(`Client ${clientId} has got the secret (\\S+)`).exec(said)?.[1],
    async stop() {
      if (gateway.isUp()) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const deadline = Date.now() + READY_MS;
  while (!(await isReady(port)) || !gateway.secretOf('operator')) {
    if (!gateway.isUp() || Date.now() > deadline) throw new Error(`The gateway did not start: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  gateway.accessTokens = { d1: await accessToken(gateway, 'd1'), operator: await accessToken(gateway, 'operator') };
  return gateway;
}

const isReady = (port) =>
  fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

export const basic = (clientId, secret) => `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`;

export async function accessToken(gateway, clientId) {
  const answer = await fetch(`http://127.0.0.1:${gateway.port}/oauth2/token`, {
    method: 'POST',
    headers: { authorization: basic(clientId, gateway.secretOf(clientId)) },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return (await answer.json()).access_token;
}
