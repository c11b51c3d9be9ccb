// One merchant's trouble. Told by what has come in, not by the clock: so it takes the same course on any machine.
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { WEBHOOK_TIMEOUT_MS } from './gateway.mjs';

/** So many failures in a row, and the gateway leaves a destination alone for a while. */
const FAILURES = 10;

/** A shop that fails hangs next, and then recovers. */
export async function hangThenRecover({ name, receiver }, screen, signal) {
  await untilAnswered(receiver, 500, FAILURES, signal);
  receiver.behaviour = { kind: 'hang' };
  screen.tell(`${name} no longer answers at all`);
  await untilAnswered(receiver, undefined, 1, signal);
  await wait(WEBHOOK_TIMEOUT_MS * 1.5, undefined, { signal });
  receiver.behaviour = { kind: 'ok' };
  screen.tell(`${name} has recovered; the gateway will find out with its next probe`);
}

async function untilAnswered(receiver, status, count, signal) {
  while (receiver.received.filter(({ answer }) => answer === status).length < count) {
    await once(receiver, 'webhook', { signal });
  }
}
