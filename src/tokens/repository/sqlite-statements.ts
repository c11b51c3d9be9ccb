import { RELAY_HEAD_START_MS } from '../relay/notification-relay.js';

const CALL_COLUMNS = `id, merchant_gateway_id, merchant_id, token_id, correlation_id, client_id, payload, received_at_ms`;
const CALL_VALUES = `@id, @merchantGatewayId, @merchantId, @tokenId, @correlationId, @clientId, @payload, @receivedAtMs`;

export const KNOWS_TOKEN = `select 1 from tokens where merchant_gateway_id = ? and merchant_id = ? and id = ?`;

export const LAST_SEQUENCE = `select last from notification_sequence`;

export const SAVE_SEQUENCE = `update notification_sequence set last = ?`;

export const KNOWS_MERCHANT = `select 1 from merchants where merchant_gateway_id = ? and id = ?`;

/** Destinations, whether they are disabled, and how long the relay has them to itself. */
export const DESTINATIONS_OF = `
  select d.id, d.disabled_at_ms is not null as disabled, case m.delivery_mode when 'relay' then ${RELAY_HEAD_START_MS} else 0 end as headStartMs
  from destinations d join merchants m on m.merchant_gateway_id = d.merchant_gateway_id and m.id = d.merchant_id
  where d.merchant_gateway_id = ? and d.merchant_id = ? and d.deleted_at_ms is null`;

export const INSERT_NOTIFICATION = `
  insert into notifications (${CALL_COLUMNS}, sequence) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export const INSERT_DELIVERY = `
  insert into deliveries (id, notification_id, destination_id, token_id, sequence, state, attempts, due_at_ms, created_at_ms,
    settled_at_ms, last_reason)
  values (@id, @notificationId, @destinationId, @tokenId, @sequence, @state, 0, @dueAtMs, @receivedAtMs, @settledAtMs,
    @reason)`;

export const INSERT_UNMATCHED = `
  insert into unmatched_notifications (${CALL_COLUMNS}, reason) values (${CALL_VALUES}, @reason)`;

export const INSERT_FAILED = `
  insert into failed_notifications (${CALL_COLUMNS}, cause) values (${CALL_VALUES}, @cause)`;

/** The caller of an unmatched record `u` may act for its gateway. */
const MAY_ACT = `
  (u.client_id is null or exists (
    select 1 from client_merchant_gateways c
    where c.client_id = u.client_id and c.merchant_gateway_id = u.merchant_gateway_id))`;

/** Open records whose token is registered by now, and whose caller may act for the gateway; oldest first. */
export const FIND_MATCHABLE = `
  select u.id, u.merchant_gateway_id as merchantGatewayId, u.merchant_id as merchantId, u.token_id as tokenId,
         u.correlation_id as correlationId, u.client_id as clientId, u.payload, u.received_at_ms as receivedAtMs
  from unmatched_notifications u
  join tokens t on t.merchant_gateway_id = u.merchant_gateway_id and t.merchant_id = u.merchant_id and t.id = u.token_id
  where u.notification_id is null and ${MAY_ACT}
  order by u.received_at_ms, u.id limit ?`;

/** The `+` keeps SQLite to the index of open records by id: what was looked through before is not looked through again. */
export const FIND_OPEN = `
  select u.id, u.merchant_gateway_id as merchantGatewayId, u.merchant_id as merchantId, u.token_id as tokenId
  from unmatched_notifications u
  where u.notification_id is null and u.id > @afterId
    and (+u.merchant_gateway_id, +u.merchant_id) in (
      select m.merchant_gateway_id, m.id from merchants m
      join json_each(@merchants) j
        on m.merchant_gateway_id = j.value ->> 'merchantGatewayId' and m.id = j.value ->> 'merchantId')
    and not exists (
      select 1 from tokens t
      where t.merchant_gateway_id = u.merchant_gateway_id and t.merchant_id = u.merchant_id and t.id = u.token_id)
    and ${MAY_ACT}
  order by u.id limit @limit`;

export const MARK_MATCHED = `
  update unmatched_notifications set notification_id = @id, matched_at_ms = @nowMs where id = @id`;
