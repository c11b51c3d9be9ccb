// One scenario on one engine, from the first notification to the verdict.
import { recovery } from './recovery.mjs';
import { World } from './world.mjs';

/** Notifications flow before the fault, so that it hits a gateway at work. */
const BEFORE_MS = 2000;

/**
 * The course that most scenarios take: all works, the fault comes and goes, all works again.
 *
 * @param world options of `World.open`
 * @param fault makes the fault and lifts it
 */
export async function playFault(context, { world: options = {}, fault, ...checks }) {
  const world = await World.open({ folder: context.folder, engine: context.engine, ...options });
  try {
    world.d1.begin();
    await context.wait(BEFORE_MS);
    const noted = await fault(world);
    const recovered = await recovery(world);
    await context.wait(BEFORE_MS / 2);
    return await verdict(world, { recovered, noted, ...checks });
  } finally {
    await world.close();
  }
}

/** @returns the row of the report, `passed` and why not */
export async function verdict(
  world,
  { recovered, noted, mayRecordTwice = false, maxRecoveryMs = 30_000, settleTimeoutMs },
) {
  const found = await world.settle(settleTimeoutMs);
  const { d1, receiver } = world;
  const { 204: accepted = 0, 503: unavailable = 0, ...others } = d1.tries;
  const faults = [
    found.lost > 0 && `${found.lost} lost: ${JSON.stringify(found.details).slice(0, 300)}`,
    Object.keys(others).length > 0 && `other answers: ${JSON.stringify(others)}`,
    d1.refused.length > 0 && `given up by D1: ${d1.refused.length}, as ${JSON.stringify(d1.refused[0])}`,
    d1.acknowledged.size !== d1.sent && `sent ${d1.sent}, acknowledged ${d1.acknowledged.size}`,
    found.settledAfterMs === undefined && `${found.undelivered} deliveries still pending`,
    found.undelivered > 0 && `${found.undelivered} deliveries not delivered`,
    found.unrecorded > 0 && `${found.unrecorded} deliveries without a recorded success`,
    !mayRecordTwice && found.recordedTwice > 0 && `${found.recordedTwice} deliveries with two recorded successes`,
    !found.balanced && 'reconciliation is not balanced',
    recovered && recovered.intakeMs > maxRecoveryMs && `intake recovered after ${recovered.intakeMs} ms`,
    recovered && recovered.deliveryMs > maxRecoveryMs && `delivery recovered after ${recovered.deliveryMs} ms`,
  ].filter(Boolean);
  return {
    passed: faults.length === 0,
    faults,
    sent: d1.sent,
    accepted,
    unavailable,
    unanswered: d1.connectionFailures,
    delivered: receiver.delivered,
    duplicates: receiver.duplicates,
    lost: found.lost,
    accounted: accountOf(found),
    recovered,
    noted,
  };
}

/** How many recorded successes the deliveries have, and whether the operators' reconciliation found all of them. */
function accountOf({ unrecorded, recordedTwice, balanced }) {
  const successes = [
    unrecorded > 0 && `${unrecorded} without a success`,
    recordedTwice > 0 && `${recordedTwice} with two`,
  ].filter(Boolean);
  const others = successes.length > 0 ? `, but ${successes.join(', ')}` : '';
  return `one success each${others}; ${balanced ? 'balanced' : 'not balanced'}`;
}
