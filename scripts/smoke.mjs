// Starts the built gateway as `npm start` does, and runs the simulator against it: every notification must get 204,
// also after a restart.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const COUNT = 1000;
const dataDir = mkdtempSync(join(tmpdir(), 'gateway-smoke-'));
const port = await freePort();
const url = `http://localhost:${port}`;
let failed = false;
try {
  const first = await start();
  const secret = /D1_CLIENT_SECRET=(\S+)/.exec(first.said())?.[1];
  if (!secret) throw new Error(`No secret was printed:\n${first.said()}`);
  simulate(secret);
  await first.stop();
  const second = await start();
  simulate(secret);
  await second.stop();
} catch (error) {
  console.error(error);
  failed = true;
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);

async function start() {
  const startedMs = performance.now();
  const gateway = spawn(process.execPath, ['--enable-source-maps', 'dist/src/main.js'], {
    env: { ...process.env, NODE_ENV: 'development', DATABASE_URL: '', DATA_DIR: dataDir, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  await new Promise((resolve, reject) => {
    gateway.on('exit', () => reject(new Error(`The gateway did not start:\n${text}`)));
    gateway.stderr.on('data', (chunk) => {
      text += chunk;
      if (text.includes('npm run d1')) resolve();
    });
  });
  console.log(`Ready after ${Math.round(performance.now() - startedMs)} ms`);
  return {
    said: () => text,
    stop: async () => {
      const exited = once(gateway, 'exit');
      gateway.kill('SIGTERM');
      const [code] = await exited;
      if (code !== 0) throw new Error(`The gateway ended with ${code}`);
    },
  };
}

function simulate(secret) {
  const args = [
    'dist/libs/d1-simulator/src/cli.js',
    'notify',
    '--url',
    url,
    '--count',
    String(COUNT),
    '--concurrency',
    '32',
  ];
  const { status } = spawnSync(process.execPath, args, {
    env: { ...process.env, D1_CLIENT_SECRET: secret },
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`The simulator ended with ${status}`);
}

async function freePort() {
  const probe = createServer().listen(0);
  await once(probe, 'listening');
  const { port: free } = probe.address();
  probe.close();
  return free;
}
