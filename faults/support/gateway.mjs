// A gateway as `npm start` runs it in production mode, in a process of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync, closeSync } from 'node:fs';
import { atExit, freePort, until } from './system.mjs';

/** The flags of `npm start`. */
const FLAGS = JSON.parse(readFileSync('package.json', 'utf8')).scripts.start.split(' ').slice(1, -1);
const READY_TIMEOUT_MS = 60_000;

export class Gateway {
  /** @param logFile what it says is appended there */
  static async create({ env, logFile }) {
    const gateway = new Gateway();
    gateway.port = await freePort();
    gateway.url = `http://127.0.0.1:${gateway.port}`;
    gateway.env = env;
    gateway.logFile = logFile;
    gateway.starts = 0;
    return gateway;
  }

  /** @returns milliseconds until it was ready */
  async start() {
    const log = openSync(this.logFile, 'a');
    this.child = spawn(process.execPath, [...FLAGS, '--import', './scripts/without-teams.mjs', 'dist/src/main.js'], {
      env: { PATH: process.env.PATH, NODE_ENV: 'production', HOST: '127.0.0.1', PORT: String(this.port), ...this.env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const { child } = this;
    child.once(
      'exit',
      atExit(() => void child.kill('SIGKILL')),
    );
    this.starts += 1;
    return this.untilReady();
  }

  get isUp() {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  untilReady() {
    const stop = () =>
      !this.isUp && `the gateway ended; its log ends in\n${readFileSync(this.logFile, 'utf8').slice(-2000)}`;
    return until(() => this.isReady(), { what: 'the gateway is ready', timeoutMs: READY_TIMEOUT_MS, stop });
  }

  isReady() {
    return fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(2000) }).then(
      async (answer) => {
        await answer.text();
        return answer.ok;
      },
      () => false,
    );
  }

  /** @returns its exit code, or the signal that ended it */
  async end(signal) {
    if (!this.isUp) return this.child?.exitCode ?? this.child?.signalCode;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    const [code, endedBy] = await exited;
    return code ?? endedBy;
  }
}
