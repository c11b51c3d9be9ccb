// A throw-away PostgreSQL as it comes, fsync on, but for its memory, which docs/database.md asks to be fitted to the tokens.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { atExit } from '../processes/at-exit.mjs';
import { freePort } from '../processes/free-port.mjs';

/** On a disk, which /tmp need not be; and open to the user that the server runs as, which a checkout need not be. */
const PARENT = '/var/tmp';
const DEBIAN_ROOT = '/usr/lib/postgresql';

/** A quarter of the machine's, where PostgreSQL's manual says to begin; in huge pages, if it has set some aside (`huge_pages = try`). */
const SHARED_BUFFERS_MB = Math.round(totalmem() / 4 / 2 ** 20);

/** @returns {string | undefined} a folder with server binaries */
export function findBinaries() {
  return [...debianFolders(), ...(process.env.PATH ?? '').split(':')].find((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  );
}

/** @param {string} binaries @returns {Promise<{ url: string, pid: number, stop: () => Promise<void> }>} */
export async function startCluster(binaries) {
  const folder = mkdtempSync(join(PARENT, 'gateway-bench-'));
  const user = unprivilegedUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { ...user, cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8' } };
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8'];
  execFileSync(join(binaries, 'initdb'), initdb, { ...options, stdio: 'pipe' });
  const port = await freePort();
  const memory = `shared_buffers=${SHARED_BUFFERS_MB}MB`;
  const args = ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', memory];
  const server = spawn(join(binaries, 'postgres'), args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  // Immediate shutdown: nothing of it is kept.
  atExit(() => {
    server.kill('SIGQUIT');
    rmSync(folder, { recursive: true, force: true });
  });
  await untilReady(server.stderr);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    pid: server.pid,
    stop: async () => {
      const exited = once(server, 'exit');
      server.kill('SIGINT');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether its shared memory is in pages of 2 MB, of which there are 512 times fewer to be mapped and looked up. */
export function hasHugePages(pid) {
  return /KernelPageSize: +2048 kB/.test(readFileSync(`/proc/${pid}/smaps`, 'utf8'));
}

function debianFolders() {
  if (!existsSync(DEBIAN_ROOT)) return [];
  const versions = readdirSync(DEBIAN_ROOT).sort((a, b) => Number(b) - Number(a));
  return versions.map((version) => join(DEBIAN_ROOT, version, 'bin'));
}

async function untilReady(log) {
  let text = '';
  await new Promise((resolve, reject) => {
    log.on('data', (chunk) => {
      if (text.length < 10_000) text += chunk;
      if (text.includes('ready to accept connections')) resolve();
    });
    log.on('end', () => reject(new Error(`PostgreSQL did not start: ${text}`)));
  });
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
