import { DISABLED } from './notifications.repository.js';
import { RELAY_HEAD_START_MS } from '../relay/notification-relay.js';

const CALL = `id, merchant_gateway_id, merchant_id, token_id, correlation_id, client_id, payload, received_at_ms`;

const CALL_ARRAYS = `$1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[]`;

/** A UUIDv7 (RFC 9562, section 5.7): the notification's 48 bits of time, the rest a hash of notification and destination. */
const DELIVERY_ID = `
  overlay(overlay(overlay(md5(a.id::text || d.id::text)
    placing left(replace(a.id::text, '-', ''), 12) from 1) placing '7' from 13) placing '8' from 17)::uuid`;

/**
 * Whether the token of a call is registered. The gateway's id is compared as an expression, so that only the key of tokens can be used, not the
 * index of merchants' tokens: where PostgreSQL takes a merchant's tokens for few, as it does until it has looked at an import, it would read all of them.
 *
 * @param call the alias of a row with the columns of a call
 */
const tokenOf = (call: string): string => `
  select 1 from tokens t
  where t.id = ${call}.token_id and t.merchant_id = ${call}.merchant_id
    and t.merchant_gateway_id || '' = ${call}.merchant_gateway_id`;

/**
 * Numbers the calls in `matched` whose token is registered, as `accepted`, in their order within the batch, and makes their deliveries. No token is
 * locked: calls of one token that two instances take at the same moment may be numbered in either order.
 * Each token is looked up on its own, by its key: PostgreSQL would read all tokens where they are few, for every batch.
 *
 * `matched` has the columns of a call and `ord`, the order within the batch.
 */
const ACCEPT = `
  accepted as (
    insert into notifications (${CALL}, sequence)
    select ${CALL}, nextval('notification_sequence')
    from (
      select m.* from matched m
      cross join lateral (${tokenOf('m')} limit 1) registered
      order by m.ord
    ) m
    returning id, merchant_gateway_id, merchant_id, token_id, sequence, received_at_ms
  ), called as (
    insert into deliveries
      (id, notification_id, destination_id, token_id, sequence, state, attempts, due_at_ms, created_at_ms, settled_at_ms,
       last_reason)
    select ${DELIVERY_ID}, a.id, d.id, a.token_id, a.sequence,
           case when d.disabled_at_ms is null then 'pending' else 'cancelled' end, 0,
           a.received_at_ms + case m.delivery_mode when 'relay' then ${RELAY_HEAD_START_MS} else 0 end, a.received_at_ms,
           case when d.disabled_at_ms is not null then a.received_at_ms end,
           case when d.disabled_at_ms is not null then '${DISABLED}' end
    from accepted a
    join destinations d on d.merchant_gateway_id = a.merchant_gateway_id and d.merchant_id = a.merchant_id
      and d.deleted_at_ms is null
    join merchants m on m.merchant_gateway_id = d.merchant_gateway_id and m.id = d.merchant_id
    returning destination_id, state, due_at_ms > created_at_ms as is_relayed
  )`;

/**
 * Parameters: the columns of the calls as arrays, then whether each caller may act for its gateway. Gives one row, however
 * many calls there are: nearly all are accepted, and a row for each was a tenth of what a batch cost.
 */
export const RECORD_BATCH = `
  with call as (
    select * from unnest(${CALL_ARRAYS}, $9::boolean[]) with ordinality as c(${CALL}, may_act, ord)
  ), matched as (
    select * from call where may_act
  ), ${ACCEPT}, unmatched as (
    insert into unmatched_notifications (${CALL}, reason)
    select c.id, c.merchant_gateway_id, c.merchant_id, c.token_id, c.correlation_id, c.client_id, c.payload, c.received_at_ms,
           case when c.may_act and m.id is not null then 'UNKNOWN_TOKEN' else 'UNKNOWN_MERCHANT' end
    from call c
    left join merchants m on m.merchant_gateway_id = c.merchant_gateway_id and m.id = c.merchant_id
    where not exists (select from accepted a where a.id = c.id)
    returning id, reason
  )
  select (select count(*)::int from accepted) as accepted,
         (select json_object_agg(id, reason) from unmatched) as reasons,
         (select array_agg(distinct destination_id)::text[] from called where state = 'pending' and not is_relayed) as due`;

/** Parameters: limit, now in milliseconds. An open record that another instance is matching is passed over. */
export const MATCH_UNMATCHED = `
  with matched as (
    select u.*, row_number() over (order by u.received_at_ms, u.id) as ord
    from (
      select * from unmatched_notifications o
      where o.notification_id is null
        and exists (${tokenOf('o')})
        and (o.client_id is null or exists (
          select from client_merchant_gateways c
          where c.client_id = o.client_id and c.merchant_gateway_id = o.merchant_gateway_id))
      order by o.received_at_ms, o.id
      limit $1
      for update of o skip locked
    ) u
  ), ${ACCEPT}, marked as (
    update unmatched_notifications u set notification_id = a.id, matched_at_ms = $2
    from accepted a where u.id = a.id
    returning u.id
  )
  select id, 'accepted' as kind from marked
  union all
  select distinct destination_id, 'due' from called where state = 'pending'`;

/** Parameters: the merchants as two arrays, the id after which it goes on, limit. */
export const FIND_OPEN = `
  select u.id, u.merchant_gateway_id as "merchantGatewayId", u.merchant_id as "merchantId", u.token_id as "tokenId"
  from unmatched_notifications u
  join merchants m on m.merchant_gateway_id = u.merchant_gateway_id and m.id = u.merchant_id
  where u.notification_id is null and u.id > $3::uuid
    and (u.merchant_gateway_id, u.merchant_id) in (select * from unnest($1::text[], $2::text[]))
    and not exists (${tokenOf('u')})
    and (u.client_id is null or exists (
      select from client_merchant_gateways c
      where c.client_id = u.client_id and c.merchant_gateway_id = u.merchant_gateway_id))
  order by u.id limit $4`;

/** Parameters: the columns of the calls as arrays, then the causes. */
export const RECORD_FAILED = `
  insert into failed_notifications (${CALL}, cause)
  select * from unnest(${CALL_ARRAYS}, $9::text[])`;
