import { SERVER_NOW_MS } from '../../database/database-clock.js';
import { CLAIMED_COLUMNS, IS_NOT_PAUSED, mayBeTried, staysCancelled, WINDOW } from './claim-rules.js';

/** Parameters 6 and 7: see `OpenRange`. Said of every table in a claim, so that no other partition is even planned for. */
const inRange = (table: string): string => `${table}.id >= $6 and ${table}.id < $7`;

/**
 * Leases what was chosen, and returns it with its notification. Leases go by the server's clock: by its own, an instance that
 * is ahead would end the others' tries. Whoever is first to enter the token and destination in
 * `delivery_leases` has them; in one order, so that two claims cannot wait for each other in a circle.
 */
const CLAIM = `
  entered as (
    insert into delivery_leases (destination_id, token_id, delivery_id, lease_owner, lease_until_ms)
    select destination_id, token_id, id, $3, ${SERVER_NOW_MS} + $4 from chosen order by destination_id, token_id
    on conflict do nothing
    returning delivery_id, lease_until_ms
  ), leased as (
    update deliveries d set lease_owner = $3, lease_until_ms = e.lease_until_ms
    from entered e where d.id = e.delivery_id and d.state = 'pending' and d.lease_owner is null and ${inRange('d')}
    returning d.*
  )`;

/**
 * A claim does not wait for the disk, where it would stand before the intake's commits. A crash of the server may take back what was
 * claimed in the last moments: it is claimed again, as after any try whose end is not on record. What settles a try is
 * written after its claim and waits for both.
 */
const NEED_NOT_LAST = `set_config('synchronous_commit', 'off', true)`;

const CLAIMED = `
  select ${CLAIMED_COLUMNS}, d.due_at_ms, d.lease_until_ms, ${NEED_NOT_LAST}
  from leased d join notifications n on n.id = d.notification_id and ${inRange('n')}`;

/**
 * The heads of the tokens that may be tried: see `DUE_HEADS` of SQLite. What is looked through is bounded by parameter 8, so
 * that a claim of a few reads a few, in the order of the index; `scanned` tells whether there was more.
 */
const SCANNED = `
  scanned as materialized (
    select p.token_id, p.due_at_ms, p.sequence from deliveries p
    where p.destination_id = $1 and p.state = 'pending' and p.due_at_ms <= $5 and ${inRange('p')}
    order by p.due_at_ms, p.sequence limit $8
  )`;

const DUE = `
    select d.id, d.destination_id, d.token_id from deliveries d
    where d.state = 'pending' and d.lease_owner is null and d.due_at_ms <= $5 and ${inRange('d')} and d.id in (
        select h.id from (
          select w.token_id from (
            select a.token_id, a.due_at_ms from scanned a
            where a.token_id not in (select token_id from delivery_leases where destination_id = $1)
            order by a.due_at_ms, a.sequence limit ${WINDOW}) w
          group by w.token_id order by min(w.due_at_ms) limit $2) t
        cross join lateral (
          select q.id from deliveries q
          where q.destination_id = $1 and q.token_id = t.token_id and q.state = 'pending' and q.due_at_ms + 0 <= $5
            and ${inRange('q')}
          order by q.sequence limit 1) h)
    for update skip locked`;

/** What was claimed, and in any case one row with how many were looked through. */
const WITH_SCANNED = `
  select (select count(*)::int from scanned) as scanned, c.*
  from (select 1) one left join claimed c on true
  order by c.due_at_ms, c.sequence`;

/** Parameters: destination, limit, owner, for how long, now, range of ids, how many to look through. What another dispatcher is claiming is passed over. */
export const CLAIM_DUE = `with ${SCANNED}, chosen as (${DUE}), ${CLAIM}, claimed as (${CLAIMED}) ${WITH_SCANNED}`;

/** The same, but of each due token the newest pending delivery; the older ones are cancelled. */
export const CLAIM_NEWEST = `
  with ${SCANNED}, due as (${DUE}), chosen as (
    select distinct on (p.token_id) p.id, p.destination_id, p.token_id, p.sequence
    from deliveries p join due on due.destination_id = p.destination_id and due.token_id = p.token_id
    where p.state = 'pending' and ${inRange('p')}
    order by p.token_id, p.sequence desc
  ), absorbed as (
    update deliveries o set state = 'cancelled', settled_at_ms = $5, last_reason = 'absorbed by ' || c.id
    from chosen c
    where o.destination_id = $1 and o.token_id = c.token_id and o.state = 'pending' and o.sequence < c.sequence
      and ${inRange('o')}
  ), ${CLAIM}, claimed as (${CLAIMED}) ${WITH_SCANNED}`;

/** Parameters: notification, nothing, owner, for how long, now, range of ids. */
export const CLAIM_OF = `
  with chosen as (
    select d.id, d.destination_id, d.token_id from deliveries d
    where d.notification_id = $1 and $2::int is null and d.state = 'pending' and d.lease_owner is null and ${inRange('d')}
      and ${mayBeTried('d', '$5', inRange('o'))}
      and ${IS_NOT_PAUSED}
    for update skip locked
  ), ${CLAIM} ${CLAIMED} order by d.due_at_ms, d.sequence`;

const SETTLED = `
  with settlement as (
    select * from unnest(
      $1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::bigint[], $9::text[],
      $10::text[], $11::bigint[], $12::bigint[], $13::text[], $14::bigint[], $15::text[]
    ) as s(delivery_id, owner, attempt_id, attempt, started_at_ms, duration_ms, outcome, status_code, attempt_reason,
           state, due_at_ms, settled_at_ms, reason, lease_until_ms, late_reason)
  ), moved as (
    update deliveries d
    set state = case when ${staysCancelled('d', 's.state')} then d.state else s.state end,
        attempts = s.attempt, due_at_ms = coalesce(s.due_at_ms, d.due_at_ms),
        settled_at_ms = case when ${staysCancelled('d', 's.state')} then d.settled_at_ms else s.settled_at_ms end,
        last_reason = case when ${staysCancelled('d', 's.state')} then d.last_reason else s.reason end,
        lease_owner = null, lease_until_ms = null
    from settlement s
    where d.id = any($1::uuid[]) and d.id = s.delivery_id and d.lease_owner = s.owner and d.lease_until_ms = s.lease_until_ms
    returning d.id, d.destination_id, d.token_id
  ), left_off as (
    delete from delivery_leases l using moved m
    where l.destination_id = m.destination_id and l.token_id = m.token_id and l.delivery_id = m.id
  )
  insert into delivery_attempts (delivery_id, id, attempt, started_at_ms, duration_ms, outcome, status_code, reason)
  select s.delivery_id, s.attempt_id, s.attempt, s.started_at_ms, s.duration_ms, s.outcome, s.status_code,
         case when m.id is null then s.late_reason else s.attempt_reason end
  from settlement s`;

/** Parameters: the columns of the settlements as arrays, at last the reason of a late one. */
export const SETTLE = `${SETTLED} left join moved m on m.id = s.delivery_id`;

/** The same parameters. What is late is not recorded: another instance has done that. */
export const SETTLE_LOST = `${SETTLED} join moved m on m.id = s.delivery_id`;

/** By the small table: a look at all partitions, just to find nothing, would be taken every second. */
export const FIND_EXPIRED = `select delivery_id as id from delivery_leases where lease_until_ms < ${SERVER_NOW_MS}`;

/** Parameter: deliveries. A lease without a delivery that is leased under it holds up its token for nothing, and ends here. */
export const FIND_LOST = `
  with stray as (
    delete from delivery_leases l
    where l.delivery_id = any($1::uuid[]) and l.lease_until_ms < ${SERVER_NOW_MS} and not exists (
      select from deliveries d
      where d.id = l.delivery_id and d.lease_owner = l.lease_owner and d.lease_until_ms = l.lease_until_ms)
  )
  select id, attempts, lease_owner, lease_until_ms from deliveries
  where id = any($1::uuid[]) and lease_owner is not null and lease_until_ms < ${SERVER_NOW_MS} order by id`;

/** Parameters: deliveries, owner, until when each was leased. */
export const RELEASE = `
  with released as (
    update deliveries d set lease_owner = null, lease_until_ms = null
    from unnest($1::uuid[], $3::bigint[]) as r(id, lease_until_ms)
    where d.id = any($1::uuid[]) and d.id = r.id and d.lease_owner = $2 and d.lease_until_ms = r.lease_until_ms
    returning d.id
  )
  delete from delivery_leases where lease_owner = $2 and delivery_id in (select id from released)`;

export const FREE_OWN = `
  with left_off as (
    delete from delivery_leases where lease_owner = $1 returning delivery_id
  )
  update deliveries d set lease_owner = null, lease_until_ms = null
  from left_off l where d.id = l.delivery_id and d.lease_owner = $1`;

/**
 * Parameters: now, the lowest id of what is ahead of that, by how much. It is ahead of the server's clock, too: an instance that is
 * behind must not take what the others make for that.
 */
export const BRING_FORWARD = `
  update deliveries set due_at_ms = least($1, ${SERVER_NOW_MS})
  where id >= $2 and created_at_ms > ${SERVER_NOW_MS} + $3 and state = 'pending' and attempts = 0 and lease_owner is null
    and due_at_ms > $1`;

/** Parameters: now, range of ids. One probe of the index for each, however much is due. */
export const DESTINATIONS_WITH_DUE = `
  select t.id from destinations t
  cross join lateral (
    select from deliveries d
    where d.destination_id = t.id and d.state = 'pending' and d.due_at_ms <= $1 and d.id >= $2 and d.id < $3
    order by d.due_at_ms limit 1) due`;

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
