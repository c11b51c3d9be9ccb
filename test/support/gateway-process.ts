import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { PROVISION } from './test-gateway.js';
import type { TestDatabase } from './test-database.js';
import { WITHOUT_TEAMS } from './without-teams.js';

const READY_TIMEOUT_MS = 20_000;

/** The built gateway in a process of its own, as `npm start` runs it, without teams; for what only a process can show. */
export class GatewayProcess {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly output: { stdout: string; stderr: string },
  ) {}

  /**
   * @param env on top of the database's settings
   * @param main what is run
   */
  static async start(
    database: TestDatabase,
    env: Readonly<Record<string, string>> = {},
    provision: object = PROVISION,
    main = 'dist/src/main.js',
  ): Promise<GatewayProcess> {
    const port = env.PORT ?? String(await freePort());
    const provisionFile = join(database.dataDir, 'provision.json');
    await writeFile(provisionFile, JSON.stringify(provision));
    const child = spawn(process.execPath, [...WITHOUT_TEAMS, main], {
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        PORT: port,
        PROVISION_FILE: provisionFile,
        ...database.env,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    const gateway = new GatewayProcess(`http://localhost:${port}`, child, output);
    try {
      await gateway.untilLogged('"msg":"Listening"');
      await gateway.untilSaid('Or a thousand of them');
      return gateway;
    } catch (error) {
      await gateway.end('SIGKILL');
      throw error;
    }
  }

  get stdout(): string {
    return this.output.stdout;
  }

  get stderr(): string {
    return this.output.stderr;
  }

  /** The secret that was printed for a client at this start. */
  secretOf(clientId: string): string {
    const secret = new RegExp(`Client ${clientId} has got the secret (\\S+)`).exec(this.stderr)?.[1];
    if (!secret) throw new Error(`No secret of ${clientId} in: ${this.stderr}`);
    return secret;
  }

  /** Waits for a text in the log. */
  untilLogged(text: string): Promise<void> {
    return this.until('stdout', text);
  }

  /** Waits for a text on standard error. */
  untilSaid(text: string): Promise<void> {
    return this.until('stderr', text);
  }

  private async until(stream: 'stdout' | 'stderr', text: string): Promise<void> {
    const signal = AbortSignal.timeout(READY_TIMEOUT_MS);
    while (!this.output[stream].includes(text)) {
      if (this.child.exitCode !== null) throw new Error(`The gateway ended: ${this.stderr}`);
      const said = once(this.child[stream] as NodeJS.ReadableStream, 'data', { signal });
      await Promise.race([said, once(this.child, 'exit')]);
    }
  }

  /** Sends a signal that it does not end by itself, and waits until it has ended. */
  async signal(signal: NodeJS.Signals): Promise<number | null> {
    const exited = once(this.child, 'exit') as Promise<[number | null]>;
    this.child.kill(signal);
    return (await exited)[0];
  }

  /** Stops it where it stands. @returns what sets it going again */
  freeze(): () => void {
    this.child.kill('SIGSTOP');
    return () => this.child.kill('SIGCONT');
  }

  /** @returns its exit code, or the signal that ended it */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | string | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null)
      return this.child.exitCode ?? this.child.signalCode;
    const exited = once(this.child, 'exit') as Promise<[number | null, string | null]>;
    this.child.kill(signal);
    const [code, endedBy] = await exited;
    return code ?? endedBy;
  }
}
