// The built gateway as a child process, with a folder of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const WEBHOOK_TIMEOUT_MS = 1000;
const RETRY_SCHEDULE_SECONDS = '1,2,3,5,5';
const STOPS_WITHIN_MS = 10_000;

export class Gateway {
  #child;
  #output = '';

  constructor(port, provisioning) {
    this.url = `http://127.0.0.1:${port}`;
    this.dataDir = mkdtempSync(join(tmpdir(), 'gateway-demo-'));
    const provisionFile = join(this.dataDir, 'provision.json');
    writeFileSync(provisionFile, JSON.stringify(provisioning), { mode: 0o600 });
    this.#child = spawn(process.execPath, ['--import', './scripts/without-teams.mjs', 'dist/src/main.js'], {
      // None of the caller's settings: they may lead to a real database.
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        PORT: String(port),
        PUBLIC_URL: this.url,
        DATA_DIR: this.dataDir,
        PROVISION_FILE: provisionFile,
        LOG_LEVEL: 'error',
        DELIVERY_RETRY_SCHEDULE_SECONDS: RETRY_SCHEDULE_SECONDS,
        WEBHOOK_TIMEOUT_MS: String(WEBHOOK_TIMEOUT_MS),
        WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout.on('data', (chunk) => (this.#output += chunk));
    this.#child.stderr.on('data', (chunk) => (this.#output += chunk));
    // However this process ends.
    process.once('exit', () => this.#remove());
  }

  static async start(provisioning, signal) {
    const gateway = new Gateway(await freePort(), provisioning);
    try {
      await gateway.#untilReady(signal);
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    return gateway;
  }

  get pid() {
    return this.#child.pid;
  }

  /** What it has logged as errors, and what it said at start. */
  get output() {
    return this.#output;
  }

  async stop() {
    const child = this.#child;
    if (!this.#hasEnded()) {
      const ended = once(child, 'exit');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOPS_WITHIN_MS);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    }
    this.#remove();
  }

  async #untilReady(signal) {
    while (!this.#output.includes('is ready at')) {
      if (this.#hasEnded()) throw new Error(`The gateway did not start:\n${this.#output}`);
      await Promise.race([once(this.#child.stderr, 'data', { signal }), once(this.#child, 'exit', { signal })]);
    }
  }

  #hasEnded() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #remove() {
    if (!this.#hasEnded()) this.#child.kill('SIGKILL');
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
