// The floor of the intake on PostgreSQL, on the gateway's own schema: one prepared multi-row statement a batch.
import pg from 'pg';
import { groupCommit } from './group-commit.mjs';
import { serveIntake } from './intake-server.mjs';

const CONNECTIONS = 4;

// Tokens are locked in one order, so that two batches cannot wait for each other in a circle.
const RECORD = {
  name: 'record',
  text: `
    with call as (
      select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[])
        with ordinality as c(id, merchant_gateway_id, merchant_id, token_id, correlation_id, client_id, received_at_ms, ord)
    ), locked as materialized (
      select t.merchant_gateway_id, t.merchant_id, t.id, c.calls
      from tokens t
      join (select merchant_gateway_id, merchant_id, token_id, count(*) as calls from call group by 1, 2, 3) c
        on t.merchant_gateway_id = c.merchant_gateway_id and t.merchant_id = c.merchant_id and t.id = c.token_id
      order by 1, 2, 3 for no key update of t
    ), numbered as (
      update tokens t set last_sequence = t.last_sequence + l.calls from locked l
      where t.merchant_gateway_id = l.merchant_gateway_id and t.merchant_id = l.merchant_id and t.id = l.id
      returning t.merchant_gateway_id, t.merchant_id, t.id as token_id, t.last_sequence - l.calls as before
    )
    insert into notifications
      (id, merchant_gateway_id, merchant_id, token_id, correlation_id, client_id, received_at_ms, sequence)
    select c.id, c.merchant_gateway_id, c.merchant_id, c.token_id, c.correlation_id, c.client_id, c.received_at_ms,
           n.before + row_number() over (partition by c.merchant_gateway_id, c.merchant_id, c.token_id order by c.ord)
    from call c join numbered n using (merchant_gateway_id, merchant_id, token_id)
    returning id`,
};
const COLUMNS = ['id', 'merchantGatewayId', 'merchantId', 'tokenId', 'correlationId', 'clientId', 'receivedAtMs'];

const pool = new pg.Pool({ connectionString: process.env.DATABASE, max: CONNECTIONS });

async function write(calls) {
  const values = COLUMNS.map((column) => calls.map((call) => call[column]));
  const { rows, rowCount } = await pool.query({ ...RECORD, values });
  if (rowCount === calls.length) return;
  const recorded = new Set(rows.map(({ id }) => id));
  for (const call of calls) call.isUnknown = !recorded.has(call.id);
}

serveIntake(groupCommit(write, { maxCalls: 256, maxConcurrent: CONNECTIONS }));
