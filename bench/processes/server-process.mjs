// A server in a process of its own, on a core of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { atExit } from './at-exit.mjs';
import { onServerCore } from './cores.mjs';
import { freePort } from './free-port.mjs';

const POLL_MS = 5;
const START_TIMEOUT_MS = 600_000;
const KEPT_CHARS = 4000;

export class ServerProcess {
  printed = '';

  /**
   * @param {{ args: string[], env?: Record<string, string>, readyPath: string, onSpawn?: (server) => void }} options `args` for node;
   *   `readyPath` answers 200 when it is ready
   */
  static async start({ args, env = {}, readyPath, onSpawn }) {
    const server = new ServerProcess();
    server.port = await freePort();
    server.url = `http://127.0.0.1:${server.port}`;
    const [program, ...rest] = onServerCore([process.execPath, ...args]);
    const startedMs = performance.now();
    server.child = spawn(program, rest, {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        PORT: String(server.port),
        PUBLIC_URL: server.url,
        ...env,
      },
      // As to a container's runtime: in a file beside the database each sync of the one would wait for the other.
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    server.keepLastOf(server.child.stdout);
    server.keepLastOf(server.child.stderr);
    atExit(() => server.child.kill('SIGKILL'));
    onSpawn?.(server);
    await server.untilReady(readyPath);
    server.isReadyYet = true;
    /** How exact it is, is POLL_MS. */
    server.readyMs = performance.now() - startedMs;
    return server;
  }

  async stop() {
    if (this.hasEnded) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }

  get hasEnded() {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  rssMb() {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  }

  /** What it printed last, for where it does not start. */
  keepLastOf(output) {
    output.on('data', (chunk) => {
      if (!this.isReadyYet) this.printed = `${this.printed}${chunk}`.slice(-KEPT_CHARS);
    });
  }

  async untilReady(path) {
    const deadlineMs = performance.now() + START_TIMEOUT_MS;
    while (!(await this.isReady(path))) {
      if (this.hasEnded || performance.now() > deadlineMs) {
        await this.stop();
        throw new Error(`The server did not start: ${this.printed}`);
      }
      await wait(POLL_MS);
    }
  }

  /** Over a connection of its own: fetch would share its pool, and keep one open. */
  isReady(path) {
    return new Promise((resolve) => {
      request(`${this.url}${path}`, { agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      })
        .on('error', () => resolve(false))
        .end();
    });
  }
}
