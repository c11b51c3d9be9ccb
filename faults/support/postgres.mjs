// A throw-away PostgreSQL server from the binaries on this machine: durable as in production, and ours to break.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { atExit, childrenOf, freePort, until } from './system.mjs';

const STOP_SIGNAL = { fast: 'SIGINT', immediate: 'SIGQUIT' };

/** The folder of `initdb` and `postgres`, the newest there is; undefined where there is none. */
export function findPostgres() {
  const root = '/usr/lib/postgresql';
  const debian = existsSync(root)
    ? readdirSync(root)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(root, version, 'bin'))
    : [];
  const folders = [...(process.env.PATH ?? '').split(':'), ...debian];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))));
}

export class Postgres {
  /**
   * @param folder of the cluster: any that is empty or does not exist
   * @param settings of the server, on top of its defaults (fsync and synchronous_commit are on)
   * @param env of the server's processes
   */
  static async start(folder, { settings = {}, env = {} } = {}) {
    const server = new Postgres();
    server.binaries = findPostgres();
    server.folder = folder;
    server.user = unprivilegedUser();
    server.settings = { listen_addresses: '127.0.0.1', unix_socket_directories: folder, ...settings };
    server.env = { ...process.env, LC_ALL: 'C.UTF-8', ...env };
    server.port = await freePort();
    mkdirSync(folder, { recursive: true });
    if (server.user) chownSync(folder, server.user.uid, server.user.gid);
    const initdb = ['-D', server.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'];
    execFileSync(join(server.binaries, 'initdb'), initdb, { ...server.processOptions, stdio: 'pipe' });
    await server.up();
    await server.query('create database gateway');
    return server;
  }

  get data() {
    return join(this.folder, 'data');
  }

  get url() {
    return this.urlAt(this.port);
  }

  get processOptions() {
    return { ...this.user, cwd: this.folder, env: this.env };
  }

  /** @param port of the server, or of a proxy before it */
  urlAt(port) {
    return `postgres://postgres@127.0.0.1:${port}/gateway`;
  }

  get isUp() {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  async up() {
    const settings = Object.entries(this.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const args = ['-D', this.data, '-p', String(this.port), ...settings];
    this.child = spawn(join(this.binaries, 'postgres'), args, {
      ...this.processOptions,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const { child } = this;
    child.once(
      'exit',
      atExit(() => {
        this.thaw?.();
        child.kill('SIGQUIT');
      }),
    );
    this.log = '';
    this.child.stderr.on('data', (chunk) => (this.log = (this.log + chunk).slice(-20_000)));
    await until(() => this.answers(), {
      what: 'PostgreSQL is up',
      timeoutMs: 60_000,
      stop: () => !this.isUp && this.log,
    });
  }

  /** @param mode `fast` rolls back what is open; `immediate` is as good as a crash, and recovers when it is up again */
  async down(mode = 'fast') {
    if (!this.isUp) return;
    const exited = once(this.child, 'exit');
    this.child.kill(STOP_SIGNAL[mode]);
    await exited;
  }

  async restart(mode) {
    await this.down(mode);
    await this.up();
  }

  /** Stops every process of the server where it stands. @returns what sets them going again */
  freeze() {
    const { pid } = this.child;
    // The postmaster first, so that it starts no more.
    process.kill(pid, 'SIGSTOP');
    const frozen = [pid, ...childrenOf(pid)];
    for (const child of frozen.slice(1)) process.kill(child, 'SIGSTOP');
    this.thaw = () => {
      for (const child of frozen.toReversed()) {
        try {
          process.kill(child, 'SIGCONT');
        } catch {
          // It has ended.
        }
      }
      this.thaw = undefined;
    };
  }

  /** One statement on a connection of its own, apart from the gateway's pools. */
  async query(sql, parameters = []) {
    const database = sql.startsWith('create database') ? 'postgres' : 'gateway';
    const client = new pg.Client({
      connectionString: this.url.replace(/gateway$/, database),
      application_name: 'faults',
    });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query(sql, parameters)).rows;
    } finally {
      await client.end();
    }
  }

  /** A connection that the caller closes. */
  async connect() {
    const client = new pg.Client({ connectionString: this.url, application_name: 'faults' });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async close() {
    this.thaw?.();
    await this.down('immediate');
  }

  async answers() {
    const client = new pg.Client({
      connectionString: this.url.replace(/gateway$/, 'postgres'),
      connectionTimeoutMillis: 1000,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return true;
    } catch {
      return false;
    } finally {
      client.end().catch(() => undefined);
    }
  }
}

/** initdb refuses to run as root. */
function unprivilegedUser() {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('There is neither a user postgres nor nobody to run PostgreSQL as');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}
