import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { impatientClient } from '../../src/database/impatient-client.js';

const DEADLINE_MS = 200;

describe.runIf(inject('engine') === 'postgres')('a connection', () => {
  const url = inject('postgresUrl');

  it('that the server ends while nobody listens fails the next query, and not the process', async () => {
    const pool = new pg.Pool({ connectionString: url, Client: impatientClient(DEADLINE_MS), max: 2 });
    pool.on('error', () => undefined);
    // Handed out: the pool has stopped listening, and nobody else does yet.
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const ended = new Promise<void>((resolve) => client.once('end', resolve));

    await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;

    await expect(client.query('select 1')).rejects.toThrow(/not queryable|Connection terminated/);
    client.release(true);
    await pool.end();
  });

  it('that does not answer in time is given up', async () => {
    const client = new (impatientClient(DEADLINE_MS))(url);
    await client.connect();

    await expect(client.query('select pg_sleep(60)')).rejects.toThrow('PostgreSQL has not answered in time');
  });

  it('has nothing compiled, however dear the planner takes it to be', async () => {
    const pool = new pg.Pool({ connectionString: url, Client: impatientClient(DEADLINE_MS), max: 1 });

    await pool.query('set jit_above_cost = 0');
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>('explain analyze select count(*) from pg_class');
    await pool.end();

    expect(rows.map((row) => row['QUERY PLAN']).join('\n')).not.toContain('JIT');
  });
});
