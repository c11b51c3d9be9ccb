import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { send } from '../support/http.js';
import { openForInspection } from '../support/test-database.js';
import { notifyPath, TestGateway } from '../support/test-gateway.js';

// The server's processes are stopped by signal: it must be one of the tests' own, and SQLite has none.
describe.runIf(inject('engine') === 'postgres' && !process.env.TEST_DATABASE_URL)(
  'a database server that is frozen',
  () => {
    let gateway: TestGateway;
    let frozen: number[] = [];

    beforeEach(async () => {
      gateway = await TestGateway.start();
    });
    afterEach(async () => {
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
      await gateway.app.close();
      const view = await openForInspection(gateway.database.env);
      const others = 'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
      // The thawed ones still have to notice that nobody is there any more.
      await expect.poll(() => view.query<object[]>(others), { timeout: 20_000 }).toHaveLength(0);
      await view.destroy();
      await gateway.database.drop();
    });

    it('makes D1 try again later, and is got over without help', { timeout: 60_000 }, async () => {
      const headers = { authorization: `Bearer ${await gateway.accessToken()}` };
      expect((await send(gateway.url, notifyPath(), { headers })).status).toBe(204);
      const backends = await gateway.query<{ pid: number }>(
        'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
      );
      const [own] = await gateway.query<{ pid: number }>('select pg_backend_pid() as pid');
      frozen = [...new Set([...backends.map(({ pid }) => pid), own?.pid ?? 0])].filter((pid) => pid > 0);
      for (const pid of frozen) process.kill(pid, 'SIGSTOP');

      const startedMs = performance.now();
      const during = await send(gateway.url, notifyPath(), { headers });

      expect(during.status).toBe(503);
      expect(during.headers['retry-after']).toBe('5');
      expect(performance.now() - startedMs).toBeLessThan(20_000);
      await expect
        .poll(async () => (await send(gateway.url, notifyPath(), { headers })).status, { timeout: 30_000 })
        .toBe(204);
    });
  },
);
