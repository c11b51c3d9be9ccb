// Follows the tutorial of docs/extending.md word by word in a clean clone: from `npm run new-merchant` to a simulator's
// notification handled. Fails where a command does, or where all of them, but for installing (which compiles the database
// where no prebuilt one is to be had), take more than three minutes together. Then what the tutorial has made must pass for
// code of this repository: lint, and the tests that read the files it has edited.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const LIMIT_MS = 180_000;
const NOTIFICATIONS = 5;
const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'gateway-tutorial-'));
const clone = join(folder, 'gateway');
const port = await freePort();
const background = [];
let installedMs = 0;

try {
  run(`git clone --quiet "${root}" "${clone}"`, folder);
  for (const block of tutorial()) await follow(block);
  await until(() => handled() === NOTIFICATIONS, `${NOTIFICATIONS} notifications handled`);
  const tookMs = performance.now() - installedMs;
  console.log(
    `\n${handled()} notifications handled; from new-merchant to here it took ${(tookMs / 1000).toFixed(1)} s`,
  );
  if (tookMs > LIMIT_MS) throw new Error('It takes more than three minutes');
  run('npm run lint', clone);
  run('npx vitest run --project sqlite test/unit/schematics test/database/teams test/database/migrations', clone);
} finally {
  for (const { child } of background) process.kill(-child.pid, 'SIGTERM');
  await Promise.all(background.map(({ exited }) => exited));
  rmSync(folder, { recursive: true, force: true });
}

function tutorial() {
  const page = readFileSync(join(root, 'docs/extending.md'), 'utf8');
  const blocks = page.matchAll(/^```(\w+) tutorial(?: ([^\n]*))?\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, language, what, text]) => ({ language, what, text }));
}

async function follow({ language, what, text }) {
  if (language !== 'sh') {
    console.log(`\n> ${what}`);
    writeFileSync(join(clone, what), text);
    return;
  }
  for (const command of text.trim().split('\n').map(onFreePort)) {
    if (what === 'background') await begin(command);
    else run(command, clone);
    if (command === 'npm ci') installedMs = performance.now();
  }
}

/** The only word that is changed: somebody else may listen on 3000. */
function onFreePort(command) {
  return command.replaceAll('localhost:3000', `localhost:${port}`);
}

function run(command, cwd) {
  console.log(`\n$ ${command}`);
  const sinceMs = performance.now();
  const { status } = spawnSync('sh', ['-c', command], { cwd, stdio: 'inherit' });
  console.log(`  (${((performance.now() - sinceMs) / 1000).toFixed(1)} s)`);
  if (status !== 0) throw new Error(`"${command}" failed`);
}

async function begin(command) {
  console.log(`\n$ ${command} &`);
  const env = { ...process.env, PORT: String(port) };
  const child = spawn('sh', ['-c', command], { cwd: clone, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const one = { child, output: '', exited: once(child, 'exit') };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (one.output += chunk.toString()));
  background.push(one);
  await until(() => {
    if (child.exitCode !== null) throw new Error(`"${command}" ended: ${one.output}`);
    return one.output.includes('"msg":"Listening"');
  }, 'the gateway to listen');
}

function handled() {
  const lines = background.flatMap(({ output }) => output.split('\n'));
  return lines.filter((line) => line.includes('"context":"handler acme"') && line.includes('"msg":"kept"')).length;
}

async function until(reached, what) {
  const deadlineMs = performance.now() + 90_000;
  while (!reached()) {
    if (performance.now() > deadlineMs) throw new Error(`Waited for ${what}`);
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address();
  server.close();
  return free;
}
