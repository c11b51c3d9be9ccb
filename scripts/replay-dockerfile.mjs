// `node scripts/replay-dockerfile.mjs`: does what the Dockerfile says without an engine, each stage in a sandbox of its own
// (bubblewrap, Linux): COPY from a context that .dockerignore has left, RUN as it stands, and at last CMD as an unprivileged
// process 1 with nothing writable but the volume and /tmp. The base image is this machine, and its Node. To be run as root,
// as an engine is: the image's user is another than the one that builds.
import { DockerfileParser } from 'dockerfile-ast';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const READY_TIMEOUT_MS = 30_000;
/** The last one is for what the sandbox tells: its process. */
const STDIO = ['ignore', 'inherit', 'inherit', 'pipe'];
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/etc', '/opt', '/root/.npmrc'].filter((path) =>
  existsSync(path),
);
/** A Node to be taken instead of this one: the folder with bin/node and include/node. */
const NODE_HOME = process.env.NODE_HOME && resolve(process.env.NODE_HOME);

const { NODE_EXTRA_CA_CERTS } = process.env;

const folder = mkdtempSync(join(tmpdir(), 'gateway-image-'));
const stages = new Map();
try {
  for (const instruction of DockerfileParser.parse(readFileSync('Dockerfile', 'utf8')).getInstructions())
    play(instruction);
  await tryOut([...stages.values()].at(-1));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function play(instruction) {
  const keyword = instruction.getKeyword();
  const stage = [...stages.values()].at(-1);
  const args = instruction.getArguments().map(String);
  if (keyword === 'FROM') return begin(instruction.getBuildStage() ?? 'image');
  console.log(`${stage.name}: ${keyword} ${instruction.getArgumentsContent()}`);
  if (keyword === 'WORKDIR') stage.workdir = args[0];
  if (keyword === 'ENV') Object.assign(stage.env, Object.fromEntries(args.map((pair) => pair.split('='))));
  if (keyword === 'USER') [stage.uid, stage.gid] = args[0].split(':');
  if (keyword === 'VOLUME') stage.volumes = instruction.getJSONStrings().map((one) => one.getJSONValue());
  if (keyword === 'COPY') copy(stage, instruction, args);
  if (keyword === 'RUN') run(stage, ['sh', '-ec', instruction.getArgumentsContent()]);
  if (keyword === 'CMD') stage.command = instruction.getJSONStrings().map((one) => one.getJSONValue());
  if (keyword === 'HEALTHCHECK') stage.check = JSON.parse(/CMD (\[.*\])/.exec(instruction.getArgumentsContent())[1]);
}

function begin(name) {
  const root = join(folder, name);
  for (const path of ['app', 'data', 'tmp']) mkdirSync(join(root, path), { recursive: true });
  stages.set(name, { name, root, workdir: '/', env: {}, volumes: [] });
}

function copy(stage, instruction, args) {
  const from = instruction.getFlags().find((flag) => flag.getName() === 'from');
  const target = join(stage.root, resolve(stage.workdir, args.at(-1)));
  for (const source of args.slice(0, -1)) {
    const file = from ? join(stages.get(from.getValue()).root, source) : source;
    const isInto = args.at(-1).endsWith('/');
    // Test files beside sources are what .dockerignore leaves out of the folders that it lets in.
    const filter = (path) => Boolean(from) || !path.endsWith('.spec.ts');
    cpSync(file, isInto ? join(target, source.split('/').at(-1)) : target, {
      recursive: true,
      filter,
      verbatimSymlinks: true,
    });
  }
}

function run(stage, command) {
  const { status } = spawnSync('bwrap', [...sandbox(stage, '--bind'), ...command], { stdio: 'inherit', env: {} });
  if (status !== 0) throw new Error(`${command.join(' ')}: ${status}`);
}

async function tryOut(stage) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  Object.assign(stage.env, { HOST: '127.0.0.1', PORT: String(port), PUBLIC_URL: url });
  const writable = stage.volumes.flatMap((path) => ['--bind', join(stage.root, path), path]);
  const asUser = ['setpriv', `--reuid=${stage.uid}`, `--regid=${stage.gid}`, '--clear-groups', '--no-new-privs'];
  const inside = (...command) =>
    [
      sandbox(stage, '--ro-bind', [...writable, '--remount-ro', '/']),
      ['--unshare-pid', '--as-pid-1', '--json-status-fd', '3'],
      [asUser, '--bounding-set=-all', '--inh-caps=-all', command],
    ].flat(2);
  const succeeds = (...command) => spawnSync('bwrap', inside(...command), { env: {}, stdio: STDIO }).status === 0;
  const check = (claim, isSo) => {
    console.log(`${isSo ? 'ok' : 'NOT'}: ${claim}`);
    if (!isSo) process.exitCode = 1;
  };

  check('the root file system cannot be written to', !succeeds('touch', '/app/file') && !succeeds('touch', '/file'));
  check('the volume can', succeeds('touch', `${stage.volumes[0]}/file`));
  check('the health check fails before the start', !succeeds(...stage.check));
  const container = spawn('bwrap', inside(...stage.command), { env: {}, stdio: STDIO });
  const exited = once(container, 'exit');
  const [status] = await once(container.stdio[3], 'data');
  check('it becomes ready', await isReady(url, container));
  check('the health check succeeds', succeeds(...stage.check));
  process.kill(JSON.parse(status)['child-pid'], 'SIGTERM');
  const [code] = await exited;
  check('as process 1 it ends on SIGTERM, with 0', code === 0);
}

async function isReady(url, container) {
  for (
    const untilMs = Date.now() + READY_TIMEOUT_MS;
    Date.now() < untilMs && container.exitCode === null;
    await wait(50)
  ) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.ok) return true;
  }
  return false;
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  return port;
}

/** @param bind how the stage's own files are mounted: to be written, or read only */
function sandbox(stage, bind, more = []) {
  const env = {
    PATH: `${NODE_HOME ? `${NODE_HOME}/bin:` : ''}/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
    HOME: '/root',
    ...(NODE_HOME && { npm_config_nodedir: NODE_HOME }),
    // Whom npm has to trust behind a company's proxy.
    ...(NODE_EXTRA_CA_CERTS && { NODE_EXTRA_CA_CERTS }),
    ...stage.env,
  };
  return [
    '--tmpfs',
    '/root',
    SYSTEM.map((path) => ['--ro-bind', path, path]),
    ['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    NODE_HOME ? ['--ro-bind', NODE_HOME, NODE_HOME] : [],
    ['app', 'data'].map((name) => [bind, join(stage.root, name), `/${name}`]),
    ['--clearenv', Object.entries(env).map(([name, value]) => ['--setenv', name, value])],
    ['--chdir', stage.workdir, '--die-with-parent', more],
  ].flat(3);
}
