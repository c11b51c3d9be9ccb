// Rows by the million, straight into the gateway's tables while it is stopped.
import pg from 'pg';
import { CLIENT, MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_PREFIX } from '../registry.mjs';

/** A UUIDv7 of a time in milliseconds: its time, and what is random of a version 4. */
const UUIDV7 = (ms) =>
  `(lpad(to_hex(${ms}), 12, '0') || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid`;
const TOKEN_ID = (number) => `'${TOKEN_PREFIX}' || lpad((${number})::text, 8, '0')`;

const INSERT_TOKENS = `
  insert into tokens (merchant_gateway_id, merchant_id, id, registered_at_ms)
  select '${MERCHANT_GATEWAY_ID}', $1, ${TOKEN_ID('i')}, $3 from generate_series(1, $2::bigint) i`;

/** The tokens in turn, in an order that is not theirs. */
const INSERT_NOTIFICATIONS = `
  insert into notifications
    (id, merchant_gateway_id, merchant_id, token_id, correlation_id, client_id, received_at_ms, sequence)
  select ${UUIDV7('$4::bigint + i')}, '${MERCHANT_GATEWAY_ID}', $1, ${TOKEN_ID('i * 7919 % $2::bigint + 1')},
         substr(gen_random_uuid()::text, 1, 26), '${CLIENT.clientId}', $4::bigint + i, nextval('notification_sequence')
  from generate_series(0, $3::bigint - 1) i`;

const INSERT_DELIVERIES = `
  insert into deliveries
    (id, notification_id, destination_id, token_id, sequence, state, attempts, due_at_ms, created_at_ms)
  select ${UUIDV7('n.received_at_ms')}, n.id, d.id, n.token_id, n.sequence, 'pending', 0, n.received_at_ms, n.received_at_ms
  from notifications n join destinations d
    on d.merchant_gateway_id = n.merchant_gateway_id and d.merchant_id = n.merchant_id
  where n.merchant_gateway_id = '${MERCHANT_GATEWAY_ID}' and n.merchant_id = $1`;

/** @param {{ url: string }} database, and the same as `fillSqlite` */
export async function fillPostgres(
  { url },
  { merchantIds = [MERCHANT_ID], tokens, notifications = 0, pending = false },
) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const nowMs = Date.now();
  try {
    await client.query('set synchronous_commit = off');
    for (const merchantId of merchantIds) {
      await client.query(INSERT_TOKENS, [merchantId, tokens, nowMs]);
      await client.query(INSERT_NOTIFICATIONS, [merchantId, tokens, notifications, nowMs - notifications]);
      if (pending) await client.query(INSERT_DELIVERIES, [merchantId]);
    }
  } finally {
    await client.end();
  }
}
