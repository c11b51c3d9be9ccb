// `npm run demo`: the whole way in one terminal. A gateway in a folder of its own, D1 (the simulator), and two merchants,
// of which one fails, hangs and recovers. Exit code 0 only if every update has arrived.
import { setTimeout as wait } from 'node:timers/promises';
import { runNotifications } from '../dist/libs/d1-simulator/src/index.js';
import { Gateway } from './demo/gateway.mjs';
import { Operator } from './demo/operator.mjs';
import { Screen } from './demo/screen.mjs';
import { D1, MERCHANT_GATEWAY_ID, openShop, OPERATOR, provisioningOf, targetsOf } from './demo/shops.mjs';
import { statusTable } from './demo/table.mjs';
import { hangThenRecover } from './demo/trouble.mjs';
import { verdictOf } from './demo/verdict.mjs';

const NOTIFICATIONS = 200;
const CONCURRENCY = 16;
const LOOK_EVERY_MS = 200;
const GIVE_UP_AFTER_MS = 55_000;
const INTERRUPTED = 130;

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, interrupt);
process.stdout.on('error', () => interrupted.abort());

const shops = [];
let gateway;
try {
  process.exitCode = (await demo(new Screen())) ? 0 : 1;
} catch (error) {
  process.exitCode = interrupted.signal.aborted ? INTERRUPTED : 1;
  console.error(interrupted.signal.aborted ? '\nEnded early.' : problemOf(error));
} finally {
  await gateway?.stop();
  await Promise.all(shops.map(({ receiver }) => receiver.stop()));
}

async function demo(screen) {
  const signal = AbortSignal.any([interrupted.signal, AbortSignal.timeout(GIVE_UP_AFTER_MS)]);
  shops.push(await openShop('10610027312', 'Calm shop', { kind: 'ok' }));
  shops.push(await openShop('10610027313', 'Troubled shop', { kind: 'fail' }));
  gateway = await Gateway.start(provisioningOf(shops), signal);
  screen.tell(`The gateway is ready at ${gateway.url} (process ${gateway.pid}, data in ${gateway.dataDir})`);
  screen.tell(`${shops[1].name} answers every webhook with 500`);

  const sending = send(screen, signal);
  const trouble = sending.then(() => hangThenRecover(shops[1], screen, signal));
  const [sent, , reconciliation] = await Promise.all([sending, trouble, watch(trouble, screen, signal)]);
  screen.tell('Nothing is pending any more');
  screen.show(statusTable(shops, reconciliation));
  const { passed, lines } = verdictOf({ ...sent, shops, reconciliation });
  screen.end(`${lines.join('\n')}\n`);
  return passed;
}

/** At first in good order; the second time at once, and yet not without the gateway and its folder. */
function interrupt() {
  if (interrupted.signal.aborted) process.exit(INTERRUPTED);
  interrupted.abort();
}

/** Be D1. */
async function send(screen, signal) {
  let lastAcceptedAtMs = 0;
  const run = await runNotifications({
    baseUrl: gateway.url,
    credentials: D1,
    targets: targetsOf(shops),
    count: NOTIFICATIONS,
    concurrency: CONCURRENCY,
    onAnswer: ({ status }) => {
      if (status === 204) lastAcceptedAtMs = Date.now();
    },
    signal,
  });
  screen.tell(`D1 has sent ${run.finished} notifications in ${Math.round(run.durationMs)} ms`);
  return { run, lastAcceptedAtMs };
}

/** Shows where the updates are until the trouble is over and nothing is pending. */
async function watch(trouble, screen, signal) {
  const operator = new Operator(gateway.url, OPERATOR);
  let over = false;
  trouble.then(
    () => (over = true),
    () => undefined,
  );
  for (;;) {
    const wasOver = over;
    const reconciliation = await operator.reconciliation(MERCHANT_GATEWAY_ID, signal);
    screen.show(statusTable(shops, reconciliation));
    if (wasOver && reconciliation.every(({ pending }) => pending === 0)) return reconciliation;
    await wait(LOOK_EVERY_MS, undefined, { signal });
  }
}

function problemOf(error) {
  const timedOut = error.name === 'TimeoutError' || error.cause?.name === 'TimeoutError';
  const said = gateway?.output ? `\n\nThe gateway said:\n${gateway.output}` : '';
  return timedOut ? `Not everything had arrived after ${GIVE_UP_AFTER_MS / 1000} s.${said}` : error;
}
