// One intake instance and two on one PostgreSQL: how much more the second brings, and who has used the cores meanwhile.
// Nothing is pinned here: the instances, the database and the generator share all cores, as they come.
import { cpus } from 'node:os';
import { floor } from '../contenders/floor.mjs';
import { gateway } from '../contenders/gateway.mjs';
import { notifyUpdate } from '../load/load.mjs';
import { leaveServerCore, onAnyCore, toLoadCores } from '../processes/cores.mjs';
import { cpuSeconds, idleSeconds } from '../processes/cpu-seconds.mjs';
import { ms, percent, perSecond, ratio } from '../report/cells.mjs';
import { median } from '../report/statistics.mjs';
import { inTurn } from './in-turn.mjs';

const ENV = { ROLES: 'intake' };
/** Halves of the load, each by a generator of its own: on two instances one each, on one both. */
const GENERATORS = 2;
const CONNECTIONS_EACH = 32;

const HEAD = [
  'Instances',
  'Throughput',
  'of one',
  'p99',
  `Cores (of ${cpus().length}): instances`,
  'PostgreSQL',
  'generator',
  'others',
  'idle, or waiting for the disk',
  'CPU of a notification: instances',
  'PostgreSQL',
];

/** Instances of one contender on one database. */
class Deployment {
  answered = 0;
  abandoned = 0;

  static async start(engine, base, contender, count) {
    const deployment = new Deployment();
    Object.assign(deployment, { engine, contender, count, servers: [], database: await engine.copy(base) });
    deployment.before = await engine.count(deployment.database, 'notifications');
    try {
      for (let index = 0; index < count; index += 1) {
        const server = await contender.start(deployment.database, { env: ENV });
        deployment.servers.push(server);
        onAnyCore(server.child.pid);
      }
      deployment.authorizations = await Promise.all(deployment.servers.map((server) => contender.authorize(server)));
    } catch (error) {
      await deployment.close();
      throw error;
    }
    return deployment;
  }

  /** @returns throughput, the worse p99, and CPU seconds a second of each party */
  async run(seconds) {
    const { cluster } = this.engine;
    const used = () => ({
      servers: this.servers.reduce((sum, { child }) => sum + cpuSeconds(child.pid), 0),
      // Of a server that was given by DATABASE_URL nothing is known.
      database: cluster ? cpuSeconds(cluster.pid) : Number.NaN,
      idle: idleSeconds(),
    });
    const before = used();
    const startedMs = performance.now();
    const results = await Promise.all(Array.from({ length: GENERATORS }, (_, index) => this.load(index, seconds)));
    const elapsed = (performance.now() - startedMs) / 1000;
    const after = used();
    const requests = results.reduce((sum, result) => sum + result.requests, 0);
    this.answered += requests;
    this.abandoned += GENERATORS * CONNECTIONS_EACH;
    const [servers, database] = [after.servers - before.servers, after.database - before.database];
    return {
      perSecond: results.reduce((sum, result) => sum + result.perSecond, 0),
      p99Ms: Math.max(...results.map(({ p99Ms }) => p99Ms)),
      servers: servers / elapsed,
      database: database / elapsed,
      generator: results.reduce((sum, result) => sum + result.cpuSeconds, 0) / elapsed,
      idle: (after.idle - before.idle) / elapsed,
      serversMicros: (servers / requests) * 1e6,
      databaseMicros: (database / requests) * 1e6,
    };
  }

  load(index, seconds) {
    const { url } = this.servers[index % this.count];
    const authorization = this.authorizations[index % this.count];
    return notifyUpdate({ url, authorization, connections: CONNECTIONS_EACH, seconds });
  }

  /** Stops them, and fails unless the database has what they have answered. */
  async settle() {
    for (const server of this.servers) await server.stop();
    const stored = (await this.engine.count(this.database, 'notifications')) - this.before;
    if (stored < this.answered || stored > this.answered + this.abandoned) {
      throw new Error(`${this.answered} notifications were answered with 204, ${stored} are on disk`);
    }
  }

  async close() {
    for (const server of this.servers) await server.stop();
    await this.engine.drop(this.database);
  }
}

export async function measureInstances({ engine, base, rounds, seconds, warmUpSeconds, say }) {
  const contestants = [gateway, floor].flatMap((contender) => [1, 2].map((count) => ({ contender, count })));
  const deployments = [];
  onAnyCore(process.pid);
  if (engine.cluster) onAnyCore(engine.cluster.pid);
  try {
    for (const { contender, count } of contestants) {
      deployments.push(await Deployment.start(engine, base, contender, count));
    }
    for (const deployment of deployments) await deployment.run(warmUpSeconds);
    const runs = await inTurn(rounds, deployments, (deployment) => deployment.run(seconds));
    for (const deployment of deployments) await deployment.settle();
    const results = runs.map(mediansOf);
    const rows = results.map((result, index) => rowOf(contestants[index], result, results[index - (index % 2)]));
    say(rows);
    const values = { 'instances.postgres': results[1].perSecond / results[0].perSecond };
    return { title: `Instances on one ${engine.name}`, head: HEAD, rows, values };
  } finally {
    for (const deployment of deployments) await deployment.close();
    if (engine.cluster) toLoadCores(engine.cluster.pid);
    leaveServerCore();
  }
}

function mediansOf(results) {
  return Object.fromEntries(
    Object.keys(results[0]).map((figure) => [figure, median(results.map((result) => result[figure]))]),
  );
}

function rowOf({ contender, count }, result, one) {
  const { servers, database, generator, idle } = result;
  const others = Math.max(0, cpus().length - servers - database - generator - idle);
  return [
    `${count} × ${contender.name}`,
    perSecond(result.perSecond),
    count === 1 ? '' : ratio(result.perSecond / one.perSecond),
    ms(result.p99Ms),
    share(servers),
    share(database),
    share(generator),
    share(others),
    share(idle),
    micros(result.serversMicros),
    micros(result.databaseMicros),
  ];
}

const share = (cores) => (Number.isNaN(cores) ? '?' : percent(cores / cpus().length));
const micros = (value) => (Number.isNaN(value) ? '?' : `${Math.round(value)} µs`);
