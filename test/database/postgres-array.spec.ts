import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { arrayOf } from '../../src/database/postgres-array.js';

describe.runIf(inject('engine') === 'postgres')('an array as text', () => {
  it('is to PostgreSQL what its elements are, whatever they hold', { timeout: 60_000 }, async () => {
    const client = new pg.Client(inject('postgresUrl'));
    await client.connect();
    // PostgreSQL keeps no NUL in a text.
    const text = fc.oneof(
      fc.string({ unit: 'binary' }).map((any) => any.replaceAll('\0', '')),
      fc.constantFrom('', 'null', 'NULL', '{}', '"', '\\', '\\"', ',', '{a,b}', ' '),
      fc.constant(null),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1 }), async (texts) => {
        const { rows } = await client.query<{ texts: unknown }>('select $1::text[] as texts', [arrayOf(texts)]);
        expect(rows[0]?.texts).toEqual(texts);
      }),
      { numRuns: 300 },
    );
    const { rows } = await client.query(
      'select $1::bigint[]::text as numbers, $2::boolean[] as flags, $3::text[] as none',
      [arrayOf([1, null, Number.MAX_SAFE_INTEGER]), arrayOf([true, false]), arrayOf([])],
    );
    expect(rows).toEqual([{ numbers: '{1,NULL,9007199254740991}', flags: [true, false], none: [] }]);
    await client.end();
  });
});
