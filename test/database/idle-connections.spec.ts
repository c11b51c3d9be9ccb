import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { dataSourceOptions } from '../../src/database/data-source-options.js';

const MINUTE_MS = 60_000;

describe.runIf(inject('engine') === 'postgres')('an idle connection', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is kept between two bursts, and closed when none comes', async () => {
    const dataSource = new DataSource(
      dataSourceOptions({
        engine: 'postgres',
        url: inject('postgresUrl'),
        poolSize: 2,
        statementTimeoutMs: 10_000,
        connectTimeoutMs: 10_000,
        unsafeDurabilityAccepted: true,
      }),
    );
    await dataSource.initialize();
    const pool = (dataSource.driver as unknown as { master: Pool }).master;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const before = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');

    await vi.advanceTimersByTimeAsync(9 * MINUTE_MS);
    const after = await pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    expect(after.rows).toEqual(before.rows);

    await vi.advanceTimersByTimeAsync(11 * MINUTE_MS);
    expect(pool.totalCount).toBe(0);
    vi.useRealTimers();
    await dataSource.destroy();
  });
});
