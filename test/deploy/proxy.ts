import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const FOLDER = 'deploy/proxy';
const START_TIMEOUT_MS = 10_000;

/** HAProxy, where it is installed. */
export const HAPROXY = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy', '/usr/bin/haproxy'].find((file) =>
  existsSync(file),
);

/** The proxy as it is deployed: the same files, other addresses. */
export class Proxy {
  private constructor(private readonly child: ChildProcess) {}

  /** @param isUp asked until it says so: HAProxy tells nobody when its checks have passed */
  static async start(
    files: readonly string[],
    env: Readonly<Record<string, string>>,
    isUp: () => Promise<boolean>,
  ): Promise<Proxy> {
    const args = ['-db', ...files.flatMap((file) => ['-f', `${FOLDER}/${file}`])];
    const child = spawn(HAPROXY ?? '', args, {
      env: { ...env, PROXY_FOLDER: resolve(FOLDER) },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const untilMs = Date.now() + START_TIMEOUT_MS;
    while (!(await isUp().catch(() => false))) {
      if (child.exitCode !== null || Date.now() > untilMs) throw new Error(`HAProxy does not serve: ${said}`);
      await wait(20);
    }
    return new Proxy(child);
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exited;
  }
}
