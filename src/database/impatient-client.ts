import type pg from 'pg';
import { loadPostgresDriver } from './drivers.js';

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

    // oxlint-disable-next-line typescript/no-explicit-any -- pg overloads `query` five times; what is given is passed on
    override query(...args: any[]): any {
      // oxlint-disable-next-line typescript/no-unsafe-argument, typescript/no-explicit-any
      const running = (super.query as (...given: any[]) => unknown).apply(this, args);
      if (running instanceof Promise) this.limit(running);
      return running;
    }

    private limit(running: Promise<unknown>): void {
      const { stream } = (this as unknown as { connection: { stream: { destroy(error: Error): void } } }).connection;
      const timer = setTimeout(() => stream.destroy(new Error('PostgreSQL has not answered in time')), timeoutMs);
      const stop = (): void => clearTimeout(timer);
      running.then(stop, stop);
    }
  };
}
