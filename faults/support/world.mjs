// Everything a scenario breaks: a database, gateways on it, D1 before them and a merchant behind them.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit } from './audit.mjs';
import { D1 } from './d1.mjs';
import { Front } from './front.mjs';
import { Gateway } from './gateway.mjs';
import { Network } from './network.mjs';
import { Postgres } from './postgres.mjs';
import { Receiver } from './receiver.mjs';
import { provision } from './registry.mjs';
import { openSqlite } from './sqlite.mjs';

/** So that a fault's end shows in seconds, whatever a production would set. */
const ENV = {
  LOG_LEVEL: 'warn',
  MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  RETRY_AFTER_SECONDS: '1',
  DELIVERY_RETRY_SCHEDULE_SECONDS: Array.from({ length: 60 }, () => '1').join(','),
  WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
  // Leases last as long as the longest of these and ten seconds: what a dead instance holds is free after that.
  WEBHOOK_TIMEOUT_MS: '2000',
  HANDLER_TIMEOUT_MS: '2000',
  RELAY_DEADLINE_MS: '1000',
};

export class World {
  /**
   * @param folder of this scenario alone
   * @param engine `postgres` or `sqlite`, which has one instance
   * @param roles of each instance
   * @param env of the gateways; a list has one for each
   * @param postgres settings, env and folder of the server
   * @param delivers whether the merchant has a webhook
   * @param d1 connections, rate and time-out of D1
   */
  static async open({
    folder,
    engine,
    roles = ['intake,dispatcher', 'intake,dispatcher'],
    env = {},
    dataDir,
    postgres = {},
    throughNetwork = false,
    delivers = true,
    d1 = {},
  }) {
    const world = new World();
    world.engine = engine;
    world.folder = folder;
    world.gateways = [];
    world.closing = [];
    try {
      await world.build({
        roles: engine === 'sqlite' ? roles.slice(0, 1) : roles,
        env,
        dataDir,
        postgres,
        throughNetwork,
        delivers,
        d1,
      });
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  async build({ roles, env, dataDir, postgres, throughNetwork, delivers, d1 }) {
    mkdirSync(this.folder, { recursive: true });
    this.receiver = await this.keep(Receiver.start());
    this.front = await this.keep(Front.start());
    const provisionFile = join(this.folder, 'provision.json');
    writeFileSync(provisionFile, JSON.stringify(provision(delivers ? this.receiver.url : undefined)));
    this.dataDir = dataDir ?? join(this.folder, 'data');
    const shared = { ...ENV, PUBLIC_URL: this.front.url, PROVISION_FILE: provisionFile, DATA_DIR: this.dataDir };
    if (this.engine === 'postgres') shared.DATABASE_URL = await this.openPostgres(postgres, throughNetwork);
    for (const [index, ROLES] of roles.entries()) {
      const own = Array.isArray(env) ? env[index] : env;
      const logFile = join(this.folder, `gateway-${index + 1}.log`);
      this.gateways.push(await Gateway.create({ env: { ...shared, ROLES, ...own }, logFile }));
    }
    for (const gateway of this.gateways) await gateway.start();
    this.front.instances = this.gateways.filter((_, index) => roles[index].includes('intake'));
    this.d1 = new D1(this.front.url, d1);
  }

  async openPostgres({ folder = join(this.folder, 'postgres'), ...options }, throughNetwork) {
    this.postgres = await this.keep(Postgres.start(folder, options));
    if (!throughNetwork) return this.postgres.url;
    this.network = await this.keep(Network.to(this.postgres.port));
    return this.postgres.urlAt(this.network.port);
  }

  /** The instances that D1 reaches. */
  get intakes() {
    return this.front.instances;
  }

  async query(sql) {
    if (this.engine === 'postgres') return this.postgres.query(sql);
    return openSqlite(this.dataDir, (database) => database.prepare(sql).all());
  }

  /** Ends D1, lets everything settle, and holds what was acknowledged against what is there. */
  async settle(timeoutMs) {
    await this.d1.end();
    return audit(this, timeoutMs);
  }

  async close() {
    this.d1?.abort.abort();
    for (const gateway of this.gateways) await gateway.end('SIGKILL');
    for (const { close } of this.closing.toReversed()) await close();
  }

  async keep(opening) {
    const opened = await opening;
    this.closing.push({ close: () => opened.close() });
    return opened;
  }
}
