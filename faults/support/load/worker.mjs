// Notifications, in a thread of its own: phase after phase, each at a rate of its own whether it is answered or not (open
// loop), or without a rate, each connection sending on when it has its answer (closed loop).
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Connection } from './connection.mjs';
import { Tally } from './tally.mjs';

/** Whatever has no answer then has none. */
const LAST_ANSWER_MS = 15_000;
const TICK_MS = 1;

const { port, targets, authorization, connections, phases } = workerData;
// Ids that no other run has.
const run = randomUUID().slice(0, 8);
const idle = [];
const tallies = [];
let open = 0;
let numbered = 0;
let underWay = 0;
/** Of the phase that is being sent. */
let tally;
let isClosedLoop = false;

function connectOne() {
  open += 1;
  return new Connection(port, {
    onReady: (connection) => idle.unshift(connection),
    onAnswer: (connection, answer) => {
      underWay -= 1;
      answer.request.tally.answered(answer, performance.now());
      if (connection.isClosed) return;
      if (isClosedLoop) send(connection, performance.now());
      else idle.push(connection);
    },
    onClose: (_connection, request) => {
      open -= 1;
      if (!request) return;
      underWay -= 1;
      request.tally.unanswered += 1;
    },
  });
}

/** @param dueMs when it was to be sent, from which on its time counts */
function send(connection, dueMs) {
  numbered += 1;
  underWay += 1;
  tally.sends(dueMs, performance.now());
  const id = `overload-${run}-${numbered}`;
  connection.send({ id, dueMs, tally, text: textOf(id, targets[numbered % targets.length]) });
}

function textOf(id, { merchantGatewayId, merchantId, tokenId }) {
  return (
    `POST /merchant-gateways/${merchantGatewayId}/merchants/${merchantId}/tokens/${tokenId}/notify-update HTTP/1.1\r\n` +
    `Host: gateway\r\nAuthorization: ${authorization}\r\nx-correlation-id: ${id}\r\nContent-Length: 0\r\n\r\n`
  );
}

function next() {
  for (let connection = idle.pop(); connection; connection = idle.pop()) if (!connection.isClosed) return connection;
  return undefined;
}

/** All connections, before anything is sent: what is measured is requests. */
async function connectAll() {
  while (open < connections) connectOne();
  while (idle.length < connections) await wait(TICK_MS);
}

async function openLoop({ ratePerSecond, durationMs }) {
  const { startedMs } = tally;
  const perMs = ratePerSecond / 1000;
  const all = Math.round(durationMs * perMs);
  let turn = 0;
  while (turn < all) {
    while (open < connections) connectOne();
    for (; turn < all && startedMs + turn / perMs <= performance.now(); turn += 1) {
      const connection = next();
      if (connection) send(connection, startedMs + turn / perMs);
      else tally.notSent += 1;
    }
    await wait(TICK_MS);
  }
}

async function closedLoop({ durationMs }) {
  isClosedLoop = true;
  for (let connection = next(); connection; connection = next()) send(connection, performance.now());
  await wait(durationMs);
  isClosedLoop = false;
}

await connectAll();
for (const phase of phases) {
  tally = new Tally(performance.now());
  tallies.push(tally);
  if (phase.ratePerSecond === undefined) await closedLoop(phase);
  else await openLoop(phase);
  tally.end(performance.now());
}
const lastMs = performance.now() + LAST_ANSWER_MS;
// oxlint-disable-next-line eslint/no-unmodified-loop-condition -- answers do it
while (underWay > 0 && performance.now() < lastMs) await wait(TICK_MS);
// Of whichever phase: they are as bad in any.
tally.unanswered += underWay;
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, no window
parentPort.postMessage(tallies);
