/** How many due deliveries of a destination a claim groups by token: its work must not grow with what has piled up. */
export const WINDOW = 1000;

/** How many it looks through for these: the deliveries of tokens that are being tried are passed over. */
export const LOOK_AHEAD = 10_000;

/** A claimed delivery with its notification. */
export const CLAIMED = `
  select d.id, d.destination_id, d.notification_id, d.attempts, n.merchant_gateway_id, n.merchant_id, n.token_id,
         n.sequence, n.correlation_id, n.payload, n.received_at_ms
  from deliveries d join notifications n on n.id = d.notification_id`;

/**
 * Of each token that may be tried the head: of its due deliveries the one with the lowest sequence, which may have become
 * due (by a retry, a replay) after all that the window shows.
 *
 * The `+` keeps SQLite to the index by token: by due time it would sort all that is due, for each token.
 */
export const DUE_HEADS = `
  with due as (
    select token_id, due_at_ms, sequence from (
      select token_id, due_at_ms, sequence from deliveries
      where destination_id = @destinationId and state = 'pending' and due_at_ms <= @nowMs
      order by due_at_ms, sequence limit ${LOOK_AHEAD})
    where token_id not in (
      select token_id from deliveries where destination_id = @destinationId and lease_owner is not null)
    order by due_at_ms, sequence limit ${WINDOW}
  ), tokens as (
    select token_id, min(due_at_ms) as first_due_ms from due group by token_id order by first_due_ms limit @limit
  )
  ${CLAIMED} join tokens t on d.id = (
    select h.id from deliveries h
    where h.destination_id = @destinationId and h.token_id = t.token_id and h.state = 'pending' and +h.due_at_ms <= @nowMs
    order by h.sequence limit 1)
  order by t.first_due_ms, d.sequence`;

/** Nothing else of the token and destination is being tried, and nothing older is due. */
export function mayBeTried(delivery: string): string {
  return `not exists (
    select 1 from deliveries o
    where o.destination_id = ${delivery}.destination_id and o.token_id = ${delivery}.token_id and o.state = 'pending'
      and o.id <> ${delivery}.id
      and (o.lease_owner is not null or (o.sequence < ${delivery}.sequence and o.due_at_ms <= @nowMs)))`;
}
