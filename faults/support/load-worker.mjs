// An HTTP client at a rate of its own, in a thread of its own: it does not wait for answers before it sends on (open loop), or
// keeps so many connections busy (closed loop). Raw sockets, since a client library would be slower than what it measures.
import { connect } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';

// Connections wait to be used, as those of a real caller do: opened all at once they would fill the server's backlog.
const OPENED_PER_TICK = 5;
const { port, requests, connections, ratePerSecond, durationMs, warmUpMs } = workerData;
const LENGTH = /\r\ncontent-length: (\d+)/i;

const latencyMicros = createHistogram();
const statuses = {};
const idle = [];
let opened = 0;
let sent = 0;
let notSent = 0;
let broken = 0;
const startedMs = performance.now();
const isMeasured = () => performance.now() - startedMs >= warmUpMs;

function open() {
  opened += 1;
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const connection = { socket, text: '', sentMs: 0 };
  socket.setEncoding('latin1');
  // Closed loop: it sends from the start on.
  socket.on('connect', () => ratePerSecond !== undefined && idle.unshift(connection));
  socket.on('data', (chunk) => take(connection, chunk));
  socket.on('error', () => undefined);
  socket.on('close', () => {
    opened -= 1;
    if (connection.sentMs > 0) broken += 1;
    connection.closed = true;
  });
  return connection;
}

function send(connection) {
  sent += 1;
  connection.sentMs = performance.now();
  connection.socket.write(requests[sent % requests.length]);
}

function take(connection, chunk) {
  connection.text += chunk;
  const end = connection.text.indexOf('\r\n\r\n');
  if (end < 0) return;
  const length = Number(LENGTH.exec(connection.text)?.[1] ?? 0);
  if (connection.text.length < end + 4 + length) return;
  const status = connection.text.slice(9, 12);
  if (isMeasured()) {
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status === '204') latencyMicros.record(Math.max(1, Math.round((performance.now() - connection.sentMs) * 1000)));
  }
  connection.text = '';
  connection.sentMs = 0;
  if (ratePerSecond === undefined) send(connection);
  else idle.push(connection);
}

function next() {
  for (let connection = idle.pop(); connection; connection = idle.pop()) if (!connection.closed) return connection;
  return undefined;
}

function tick() {
  for (let turn = 0; turn < OPENED_PER_TICK && opened < connections; turn += 1) open();
  const due = Math.floor(((performance.now() - startedMs) / 1000) * ratePerSecond) - sent - notSent;
  for (let turn = 0; turn < due; turn += 1) {
    const connection = next();
    if (connection) send(connection);
    else notSent += 1;
  }
}

if (ratePerSecond === undefined) for (let index = 0; index < connections; index += 1) send(open());
else setInterval(tick, 1);

setTimeout(() => {
  const seconds = (performance.now() - startedMs - warmUpMs) / 1000;
  const ms = (percent) => latencyMicros.percentile(percent) / 1000;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, no window
  parentPort.postMessage({ sent, notSent, broken, statuses, seconds, p50: ms(50), p99: ms(99) });
  process.exit();
}, durationMs);
