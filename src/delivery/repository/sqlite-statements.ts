import { CLAIMED_COLUMNS, LOOK_AHEAD, WINDOW } from './claim-rules.js';

/** A claimed delivery with its notification. */
export const CLAIMED = `
  select ${CLAIMED_COLUMNS}
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
