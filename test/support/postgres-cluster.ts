import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.js';

export type PostgresSource = { readonly url: string } | { readonly binaries: string };

export interface PostgresCluster {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server that is given, or binaries to start one with. */
export function findPostgres(): PostgresSource | undefined {
  const url = process.env.TEST_DATABASE_URL;
  if (url) return { url };
  const binaries = [...debianFolders(), ...(process.env.PATH ?? '').split(':')].find((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  );
  return binaries ? { binaries } : undefined;
}

function debianFolders(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, 'bin'));
}

export interface ClusterOptions {
  /** Settings of the server. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Makes it speak TLS. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
}

/** Starts a throw-away cluster in a temporary folder, as an unprivileged user where the tests run as root. */
export async function startCluster(
  binaries: string,
  { settings = {}, tls }: ClusterOptions = {},
): Promise<PostgresCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-postgres-'));
  const user = unprivilegedUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8' } };
  execFileSync(join(binaries, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'], {
    ...options,
    stdio: 'pipe',
  });
  const port = await freePort();
  const all = {
    listen_addresses: '127.0.0.1',
    max_connections: '200',
    ...(tls && tlsSettings(folder, tls, user)),
    ...settings,
  };
  const given = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(binaries, 'postgres'), ['-D', data, '-p', String(port), '-k', folder, ...given], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await untilReady(server.stderr);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      const exited = once(server, 'exit');
      server.kill('SIGINT');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server wants its key to be its own and nobody else's. */
function tlsSettings(
  folder: string,
  { certFile, keyFile }: { certFile: string; keyFile: string },
  user: { uid: number; gid: number } | undefined,
): Record<string, string> {
  const [cert, key] = [join(folder, 'server.pem'), join(folder, 'server.key')];
  copyFileSync(certFile, cert);
  copyFileSync(keyFile, key);
  chmodSync(key, 0o600);
  if (user) for (const file of [cert, key]) chownSync(file, user.uid, user.gid);
  return { ssl: 'on', ssl_cert_file: cert, ssl_key_file: key };
}

async function untilReady(log: NodeJS.ReadableStream): Promise<void> {
  let text = '';
  for await (const chunk of log as AsyncIterable<Buffer>) {
    text += chunk.toString();
    if (text.includes('ready to accept connections')) {
      log.resume();
      return;
    }
  }
  throw new Error(`PostgreSQL did not start: ${text}`);
}

/** initdb refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('There is neither a user postgres nor nobody to run PostgreSQL as');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}
