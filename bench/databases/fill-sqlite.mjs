// Rows by the million, straight into the gateway's tables while it is stopped.
import Database from 'better-sqlite3';
import { CLIENT, MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_PREFIX } from '../registry.mjs';

const CHUNK = 100_000;
const NUMBERS = 'with recursive numbers(i) as (select @from union all select i + 1 from numbers where i < @to)';
const HEX = (bits) => `(random() & ${2 ** bits - 1})`;

/** A UUIDv7 of a time in milliseconds. */
const UUIDV7 = (ms) => `lower(printf('%08x-%04x-7%03x-%04x-%04x%08x', (${ms}) >> 16, (${ms}) & 65535, ${HEX(12)},
  32768 | ${HEX(14)}, ${HEX(16)}, ${HEX(32)}))`;
const CORRELATION_ID = `lower(printf('%08x-%08x-%08x', ${HEX(31)}, ${HEX(31)}, ${HEX(31)}))`;
const TOKEN_ID = (number) => `printf('${TOKEN_PREFIX}%08d', ${number})`;

const INSERT_TOKENS = `
  insert into tokens (merchant_gateway_id, merchant_id, id, registered_at_ms)
  ${NUMBERS} select '${MERCHANT_GATEWAY_ID}', @merchantId, ${TOKEN_ID('i')}, @nowMs from numbers`;

/** The tokens in turn, in an order that is not theirs. */
const INSERT_NOTIFICATIONS = `
  insert into notifications
    (id, merchant_gateway_id, merchant_id, token_id, correlation_id, client_id, received_at_ms, sequence)
  ${NUMBERS}
  select ${UUIDV7('@firstMs + i')}, '${MERCHANT_GATEWAY_ID}', @merchantId, ${TOKEN_ID('i * 7919 % @tokens + 1')},
         ${CORRELATION_ID}, '${CLIENT.clientId}', @firstMs + i, s.last + i + 1
  from notification_sequence s, numbers`;

const INSERT_DELIVERIES = `
  insert into deliveries
    (id, notification_id, destination_id, token_id, sequence, state, attempts, due_at_ms, created_at_ms)
  select ${UUIDV7('n.received_at_ms')}, n.id, d.id, n.token_id, n.sequence, 'pending', 0, n.received_at_ms, n.received_at_ms
  from notifications n join destinations d
    on d.merchant_gateway_id = n.merchant_gateway_id and d.merchant_id = n.merchant_id
  where n.merchant_gateway_id = '${MERCHANT_GATEWAY_ID}' and n.merchant_id = @merchantId`;

/**
 * @param {{ file: string }} database
 * @param {{ merchantIds?: string[], tokens: number, notifications?: number, pending?: boolean }} what for each merchant;
 *   `pending`: with a delivery for each of its destinations
 */
export function fillSqlite({ file }, { merchantIds = [MERCHANT_ID], tokens, notifications = 0, pending = false }) {
  const connection = new Database(file);
  const nowMs = Date.now();
  const firstMs = nowMs - notifications;
  try {
    connection.pragma('synchronous = OFF');
    connection.pragma('cache_size = -1000000');
    for (const merchantId of merchantIds) {
      inChunks(connection, INSERT_TOKENS, 1, tokens, { merchantId, nowMs });
      inChunks(connection, INSERT_NOTIFICATIONS, 0, notifications - 1, { merchantId, firstMs, tokens });
      connection.prepare('update notification_sequence set last = last + ?').run(notifications);
      if (pending) connection.prepare(INSERT_DELIVERIES).run({ merchantId });
    }
    connection.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    connection.close();
  }
}

function inChunks(connection, sql, first, last, parameters) {
  const statement = connection.prepare(sql);
  for (let from = first; from <= last; from += CHUNK) {
    statement.run({ ...parameters, from, to: Math.min(from + CHUNK - 1, last) });
  }
}
