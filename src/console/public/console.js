// The console: asks the API every few seconds and shows what it says.
import { call, isSignedIn, mayOperate, Refused, signIn, signOut } from './api.js';
import { draw } from './charts.js';
import { at } from './dom.js';
import { count, duration, time } from './format.js';
import { showDeliveries, showDestinations, showMerchants, showMinutes, showTiles, showUnmatched } from './tables.js';
import { showTimeline } from './timeline.js';

const REFRESH_MS = 5000;
const MOST_DELIVERIES = 20;

/** The gateway's time, by its own account. */
let now = new Date().toISOString();
/** Of which notification the timeline is shown. @type {string | undefined} */
let notificationId;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let filters = new URLSearchParams();

at('sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault();
  void enter(/** @type {HTMLFormElement} */ (event.currentTarget));
});

at('sign-out').addEventListener('click', () => {
  signOut();
  clearTimeout(timer);
  notificationId = undefined;
  at('timeline').hidden = true;
  show(false);
});

at('find-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
  const given = [...form.keys()].map((name) => [name, textOf(form, name).trim()]);
  filters = new URLSearchParams(given.filter(([, value]) => value !== ''));
  void attempt(loadDeliveries);
});

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && isSignedIn()) void refresh();
});

/** @param {HTMLFormElement} form */
async function enter(form) {
  const given = new FormData(form);
  const clientId = textOf(given, 'clientId');
  at('sign-in-problem').textContent = '';
  try {
    await signIn({ clientId, clientSecret: textOf(given, 'clientSecret') });
    // What a client may not see is told here, not on a board without numbers.
    await call('operations/overview');
  } catch (error) {
    signOut();
    const isForbidden = error instanceof Refused && error.message.startsWith('The access token');
    at('sign-in-problem').textContent = isForbidden ? 'This client may not operate the gateway.' : problemOf(error);
    return;
  }
  form.reset();
  at('who').textContent = clientId;
  show(true);
  await refresh();
  at('main').focus();
}

/** @param {FormData} form @param {string} name */
function textOf(form, name) {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}

/** @param {boolean} signedIn */
function show(signedIn) {
  at('sign-in').hidden = signedIn;
  at('board').hidden = !signedIn;
  at('session').hidden = !signedIn;
}

/** Once now, and again after a while; nobody asks for a page that is not seen. */
async function refresh() {
  clearTimeout(timer);
  if (!document.hidden) {
    try {
      await Promise.all([loadOverview(), loadDeliveries(), loadTimeline()]);
      live(true, `Updated ${time(now)}`);
    } catch (error) {
      live(false, problemOf(error));
    }
  }
  if (isSignedIn()) timer = setTimeout(() => void refresh(), REFRESH_MS);
}

async function loadOverview() {
  const [overview, destinations] = await Promise.all([
    call('operations/overview'),
    call('operations/destinations?limit=500'),
  ]);
  now = overview.at;
  showTiles(overview);
  draw(overview.minutes);
  showSummaries(overview);
  showMinutes(overview.minutes);
  showMerchants(overview);
  showUnmatched(overview);
  showDestinations(destinations.items, now, {
    mayOperate: mayOperate(),
    onPause: (item) =>
      void ask(
        `Keep the deliveries of ${item.merchantName} / ${item.name} waiting? They pile up until you resume it; none is lost.`,
        () => post(`operations/destinations/${item.id}/pause`, `${item.name} is paused`),
      ),
    onResume: (item) => void attempt(() => post(`operations/destinations/${item.id}/resume`, `${item.name} goes on`)),
    onReplayDead: (item) =>
      void ask(`Send ${count(item.dead)} dead deliveries of ${item.merchantName} / ${item.name} again?`, () =>
        replayDead(item),
      ),
  });
}

/** @param {any} overview */
function showSummaries({ minutes, latency }) {
  const sum = (/** @type {'accepted' | 'delivered'} */ key) =>
    minutes.reduce((/** @type {number} */ total, /** @type {any} */ minute) => total + minute[key], 0);
  at('volume-summary').textContent =
    `Within the hour ${count(sum('accepted'))} were accepted and ${count(sum('delivered'))} deliveries made.`;
  at('latency-summary').textContent =
    latency.p50Ms === null
      ? 'Nothing was delivered within the hour.'
      : `Half took at most ${duration(latency.p50Ms)}, 95 % at most ${duration(latency.p95Ms)}, 99 % at most ${duration(latency.p99Ms)}.`;
}

async function loadDeliveries() {
  const query = new URLSearchParams([...filters, ['limit', String(MOST_DELIVERIES)]]);
  const { items } = await call(`operations/deliveries?${query}`);
  showDeliveries(items, now, (delivery) => {
    notificationId = delivery.notificationId;
    void attempt(async () => {
      await loadTimeline();
      at('timeline-title').focus();
    });
  });
}

async function loadTimeline() {
  if (notificationId === undefined) return;
  const { items } = await call(`operations/deliveries?notificationId=${notificationId}`);
  const deliveries = await Promise.all(items.map((/** @type {any} */ { id }) => call(`operations/deliveries/${id}`)));
  showTimeline(deliveries, now, {
    mayOperate: mayOperate(),
    onReplay: (delivery) =>
      void attempt(() => post(`operations/deliveries/${delivery.id}/replay`, 'The delivery is due again')),
  });
}

/** @param {any} item */
async function replayDead({ merchantGatewayId, merchantId, name }) {
  const body = { merchantGatewayId, merchantId, destination: name, state: 'dead' };
  const { replayed } = await call('operations/deliveries/replay', { method: 'POST', body });
  announce(`${count(replayed)} deliveries are due again`);
  await refresh();
}

/** @param {string} path @param {string} done */
async function post(path, done) {
  await call(path, { method: 'POST' });
  announce(done);
  await refresh();
}

/** @param {string} question @param {() => Promise<void>} act */
async function ask(question, act) {
  const dialog = /** @type {HTMLDialogElement} */ (at('confirm'));
  at('confirm-text').textContent = question;
  dialog.returnValue = 'no';
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener('close', resolve, { once: true }));
  if (dialog.returnValue === 'yes') await attempt(act);
}

/** @param {() => Promise<void>} act */
async function attempt(act) {
  try {
    await act();
  } catch (error) {
    announce(problemOf(error));
  }
}

/** @param {string} text */
function announce(text) {
  at('announcement').textContent = text;
}

/** @param {boolean} isLive @param {string} text */
function live(isLive, text) {
  at('live-dot').className = isLive ? 'dot good' : 'dot bad';
  at('updated').textContent = text;
}

/** @param {unknown} error */
function problemOf(error) {
  return error instanceof Error ? error.message : String(error);
}
