import type pg from 'pg';
import { loadPostgresDriver } from './drivers.js';

/**
 * A statement of ours reads some hundred rows at most. Where the planner takes them for a million, as of tables that have grown
 * since it last looked, the server compiles the statement first: a claim took 2.6 s for it in place of 1 ms. As a
 * statement, and not with the connection's start, where a pooler in between may not let it pass.
 */
const COMPILE_NOTHING = 'set jit = off';

/**
 * A PostgreSQL connection that gives up when a query is not answered in time. `statement_timeout` is the server's, and
 * a server that is frozen or cut off keeps to none; without this D1 would get no answer at all where 503 is due. The
 * connection is destroyed, since nothing says what state it is in; the pool opens another.
 *
 * It also survives being ended by the server while nobody listens: between the pool, which stops to, and whoever it is handed to,
 * who has yet to begin, the `error` would end the process. The next query on it fails, and that is heard.
 */
export function impatientClient(timeoutMs: number): typeof pg.Client {
  const { Client } = loadPostgresDriver();
  return class ImpatientClient extends Client {
    constructor(config?: string | pg.ClientConfig) {
      super(config);
      this.on('error', () => undefined);
    }

    override connect(): Promise<pg.Client>;
    override connect(callback: (...result: [error: Error] | [error: null, client: pg.Client]) => void): void;
    override connect(
      callback?: (...result: [error: Error] | [error: null, client: pg.Client]) => void,
    ): Promise<pg.Client> | void {
      const connected = super.connect().then(() => this.compileNothing());
      if (!callback) return connected;
      connected.then((client) => callback(null, client), callback);
    }

    // oxlint-disable-next-line typescript/no-explicit-any -- pg overloads `query` five times; what is given is passed on
    override query(...args: any[]): any {
      // oxlint-disable-next-line typescript/no-unsafe-argument, typescript/no-explicit-any
      const running = (super.query as (...given: any[]) => unknown).apply(this, args);
      if (running instanceof Promise) this.limit(running);
      return running;
    }

    private async compileNothing(): Promise<this> {
      await this.query(COMPILE_NOTHING);
      return this;
    }

    private limit(running: Promise<unknown>): void {
      const { stream } = (this as unknown as { connection: { stream: { destroy(error: Error): void } } }).connection;
      const timer = setTimeout(() => stream.destroy(new Error('PostgreSQL has not answered in time')), timeoutMs);
      const stop = (): void => clearTimeout(timer);
      running.then(stop, stop);
    }
  };
}
