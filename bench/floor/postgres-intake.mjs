// The floor of the intake on PostgreSQL, on the gateway's own schema: one prepared multi-row statement a batch.
import pg from 'pg';
import { groupCommit } from './group-commit.mjs';
import { serveIntake } from './intake-server.mjs';

const CONNECTIONS = 4;

const RECORD = {
  name: 'record',
  text: `
    insert into notifications
      (id, merchant_gateway_id, merchant_id, token_id, correlation_id, client_id, received_at_ms, sequence)
    select c.id, c.merchant_gateway_id, c.merchant_id, c.token_id, c.correlation_id, c.client_id, c.received_at_ms,
           nextval('notification_sequence')
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
      as c(id, merchant_gateway_id, merchant_id, token_id, correlation_id, client_id, received_at_ms)
    cross join lateral (
      select 1 from tokens t
      where t.merchant_gateway_id = c.merchant_gateway_id and t.merchant_id = c.merchant_id and t.id = c.token_id limit 1
    ) registered
    returning id`,
};
const COLUMNS = ['id', 'merchantGatewayId', 'merchantId', 'tokenId', 'correlationId', 'clientId', 'receivedAtMs'];

// Kept while others have their turn, as the gateway keeps its own.
const pool = new pg.Pool({ connectionString: process.env.DATABASE, max: CONNECTIONS, idleTimeoutMillis: 0 });

async function write(calls) {
  const values = COLUMNS.map((column) => calls.map((call) => call[column]));
  const { rows, rowCount } = await pool.query({ ...RECORD, values });
  if (rowCount === calls.length) return;
  const recorded = new Set(rows.map(({ id }) => id));
  for (const call of calls) call.isUnknown = !recorded.has(call.id);
}

serveIntake(groupCommit(write, { maxCalls: 256, maxConcurrent: CONNECTIONS }));
