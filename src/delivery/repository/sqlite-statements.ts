/**
 * How far a claim looks into what is due for a destination. Without a bound, a token with a hundred thousand pending
 * deliveries would be looked through with each claim.
 */
export const WINDOW = 1000;

/** A claimed delivery with its notification. */
export const CLAIMED = `
  select d.id, d.destination_id, d.notification_id, d.attempts, n.merchant_gateway_id, n.merchant_id, n.token_id,
         n.sequence, n.correlation_id, n.payload, n.received_at_ms
  from deliveries d join notifications n on n.id = d.notification_id`;

/** Nothing else of the token and destination is being tried, and nothing older is due. */
export function mayBeTried(delivery: string): string {
  return `not exists (
    select 1 from deliveries o
    where o.destination_id = ${delivery}.destination_id and o.token_id = ${delivery}.token_id and o.state = 'pending'
      and o.id <> ${delivery}.id
      and (o.lease_owner is not null or (o.sequence < ${delivery}.sequence and o.due_at_ms <= @nowMs)))`;
}
