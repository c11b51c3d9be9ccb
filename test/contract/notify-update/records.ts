// What the database holds of the calls, whole rows.
import { expect, inject } from 'vitest';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, TOKEN, type TestGateway } from '../../support/test-gateway.js';
import { CORRELATION_ID } from './notify.js';

export type Row = Readonly<Record<string, unknown>>;

export interface Records {
  readonly notifications: readonly Row[];
  readonly unmatched: readonly Row[];
  readonly failed: readonly Row[];
}

export const NOTHING: Records = { notifications: [], unmatched: [], failed: [] };

const UUID_V7 = expect.stringMatching(
  /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
) as unknown as string;

export async function records(gateway: TestGateway): Promise<Records> {
  const rows = async (table: string, order: string): Promise<Row[]> =>
    (await gateway.query<Row>(`select * from ${table} order by ${order}`)).map(withNumbers);
  return {
    notifications: await rows('notifications', 'merchant_gateway_id, merchant_id, token_id, sequence'),
    unmatched: await rows('unmatched_notifications', 'received_at_ms, id'),
    failed: await rows('failed_notifications', 'received_at_ms, id'),
  };
}

export async function forgetRecords(gateway: TestGateway): Promise<void> {
  for (const table of ['notifications', 'unmatched_notifications', 'failed_notifications']) {
    await gateway.query(`delete from ${table}`);
  }
  // The next notification is number 1 again.
  await gateway.query(
    inject('engine') === 'sqlite'
      ? 'update notification_sequence set last = 0'
      : 'alter sequence notification_sequence restart',
  );
}

/** The row of a call for the registered token, taken now. */
export function notification(gateway: TestGateway, columns: Row = {}): Row {
  return { ...callColumns(gateway), sequence: 1, ...columns };
}

/** The row of a call that is still unmatched. */
export function unmatched(gateway: TestGateway, columns: Row & { reason: string }): Row {
  return { ...callColumns(gateway), notification_id: null, matched_at_ms: null, ...columns };
}

/** The row of a call that cannot be recorded as a notification. */
export function failed(gateway: TestGateway, columns: Row & { cause: string }): Row {
  return { ...callColumns(gateway), replayed_at_ms: null, ...columns };
}

function callColumns(gateway: TestGateway): Row {
  return {
    id: UUID_V7,
    merchant_gateway_id: MERCHANT_GATEWAY,
    merchant_id: MERCHANT,
    token_id: TOKEN,
    correlation_id: CORRELATION_ID,
    client_id: D1_CLIENT,
    payload: null,
    received_at_ms: gateway.clock.nowMs(),
  };
}

/** PostgreSQL's driver gives bigint as text. */
function withNumbers(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value !== null && (column.endsWith('_ms') || column === 'sequence') ? Number(value) : value,
    ]),
  );
}
