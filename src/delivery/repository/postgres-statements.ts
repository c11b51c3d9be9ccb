import { CLAIMED_COLUMNS, LOOK_AHEAD, mayBeTried, WINDOW } from './claim-rules.js';

/** Leases what was chosen, and returns it with its notification. */
const CLAIM = `
  leased as (
    update deliveries d set lease_owner = $3, lease_until_ms = $4
    from chosen c where d.id = c.id and d.state = 'pending' and d.lease_owner is null
    returning d.*
  )
  select ${CLAIMED_COLUMNS}
  from leased d join notifications n on n.id = d.notification_id
  order by d.due_at_ms, d.sequence`;

/** The heads of the tokens that may be tried: see `DUE_HEADS` of SQLite. */
const DUE = `
    select d.id, d.destination_id, d.token_id from deliveries d
    where d.state = 'pending' and d.lease_owner is null and d.due_at_ms <= $5 and d.id in (
        select h.id from (
          select w.token_id from (
            select a.token_id, a.due_at_ms from (
              select token_id, due_at_ms, sequence from deliveries
              where destination_id = $1 and state = 'pending' and due_at_ms <= $5
              order by due_at_ms, sequence limit ${LOOK_AHEAD}) a
            where a.token_id not in (
              select token_id from deliveries where destination_id = $1 and lease_owner is not null)
            order by a.due_at_ms, a.sequence limit ${WINDOW}) w
          group by w.token_id order by min(w.due_at_ms) limit $2) t
        cross join lateral (
          select id from deliveries
          where destination_id = $1 and token_id = t.token_id and state = 'pending' and due_at_ms + 0 <= $5
          order by sequence limit 1) h)
    for update skip locked`;

/** Parameters: destination, limit, owner, lease until, now. What another dispatcher is claiming is passed over. */
export const CLAIM_DUE = `with chosen as (${DUE}), ${CLAIM}`;

/** The same, but of each due token the newest pending delivery; the older ones are cancelled. */
export const CLAIM_NEWEST = `
  with due as (${DUE}), chosen as (
    select distinct on (p.token_id) p.id, p.token_id, p.sequence
    from deliveries p join due on due.destination_id = p.destination_id and due.token_id = p.token_id
    where p.state = 'pending'
    order by p.token_id, p.sequence desc
  ), absorbed as (
    update deliveries o set state = 'cancelled', settled_at_ms = $5, last_reason = 'absorbed by ' || c.id
    from chosen c
    where o.destination_id = $1 and o.token_id = c.token_id and o.state = 'pending' and o.sequence < c.sequence
  ), ${CLAIM}`;

/** Parameters: notification, nothing, owner, lease until, now. */
export const CLAIM_OF = `
  with chosen as (
    select d.id from deliveries d
    where d.notification_id = $1 and $2::int is null and d.state = 'pending' and d.lease_owner is null and ${mayBeTried('d', '$5')}
    for update skip locked
  ), ${CLAIM}`;

/** Parameters: the columns of the settlements as arrays. */
export const SETTLE = `
  with settlement as (
    select * from unnest(
      $1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::bigint[], $9::text[],
      $10::text[], $11::bigint[], $12::bigint[], $13::text[]
    ) as s(delivery_id, owner, attempt_id, attempt, started_at_ms, duration_ms, outcome, status_code, attempt_reason,
           state, due_at_ms, settled_at_ms, reason)
  ), recorded as (
    insert into delivery_attempts (delivery_id, id, attempt, started_at_ms, duration_ms, outcome, status_code, reason)
    select delivery_id, attempt_id, attempt, started_at_ms, duration_ms, outcome, status_code, attempt_reason from settlement
  )
  update deliveries d
  set state = s.state, attempts = s.attempt, due_at_ms = coalesce(s.due_at_ms, d.due_at_ms), settled_at_ms = s.settled_at_ms,
      last_reason = s.reason, lease_owner = null, lease_until_ms = null
  from settlement s
  where d.id = s.delivery_id and d.lease_owner = s.owner`;

export const FREE_EXPIRED = `
  update deliveries set lease_owner = null, lease_until_ms = null where lease_owner is not null and lease_until_ms < $1`;

/** Parameters: deliveries, owner. */
export const RELEASE = `
  update deliveries set lease_owner = null, lease_until_ms = null where id = any($1::uuid[]) and lease_owner = $2`;

export const FREE_OWN = `update deliveries set lease_owner = null, lease_until_ms = null where lease_owner = $1`;

export const DESTINATIONS_WITH_DUE = `
  select id from destinations t
  where exists (
    select from deliveries d where d.destination_id = t.id and d.state = 'pending' and d.due_at_ms <= $1)`;

/** Parameters: destination, reason, now. */
export const DISABLE_DESTINATION = `
  with disabled as (
    update destinations set disabled_at_ms = $3 where id = $1 and disabled_at_ms is null
  )
  update deliveries set state = 'cancelled', settled_at_ms = $3, last_reason = $2
  where destination_id = $1 and state = 'pending' and lease_owner is null`;

/** Parameters: destination, reason, now. */
export const CANCEL_PENDING_OF_DISABLED = `
  update deliveries set state = 'cancelled', settled_at_ms = $3, last_reason = $2
  where destination_id = $1 and state = 'pending' and lease_owner is null
    and exists (select from destinations where id = $1 and disabled_at_ms is not null)`;
