// What both engines' claims and settlements have in common: the same rules in the same SQL, but for the engine's placeholders.

/** How many due deliveries of a destination a claim groups by token: its work must not grow with what has piled up. */
export const WINDOW = 1000;

/** How many it looks through for these: the deliveries of tokens that are being tried are passed over. */
export const LOOK_AHEAD = 10_000;

/** What is returned of a claimed delivery `d` and its notification `n`: the columns of `ClaimedRow`. */
export const CLAIMED_COLUMNS = `
  d.id, d.destination_id, d.notification_id, d.attempts, n.merchant_gateway_id, n.merchant_id, n.token_id,
  n.sequence, n.correlation_id, n.payload, n.received_at_ms`;

/**
 * Nothing else of the token and destination is being tried, and nothing older is due.
 *
 * @param nowMs the engine's placeholder for the time
 * @param where what else holds of every other delivery `o` that counts
 */
export function mayBeTried(delivery: string, nowMs: string, where = 'true'): string {
  return `not exists (
    select 1 from deliveries o
    where o.destination_id = ${delivery}.destination_id and o.token_id = ${delivery}.token_id and o.state = 'pending'
      and o.id <> ${delivery}.id and ${where}
      and (o.lease_owner is not null or (o.sequence < ${delivery}.sequence and o.due_at_ms <= ${nowMs})))`;
}

/** What a relay asks of a delivery `d`; the dispatcher leaves what is paused alone by itself. */
export const IS_NOT_PAUSED = `
  not exists (select 1 from destinations p where p.id = d.destination_id and p.paused_at_ms is not null)`;

/** Of a delivery that was cancelled while it was being tried: only a success is more than that. */
export function staysCancelled(delivery: string, nextState: string): string {
  return `${delivery}.state = 'cancelled' and ${nextState} <> 'delivered'`;
}
