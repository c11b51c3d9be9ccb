// The tables of the board.
import { badge, code, fill, h, table } from './dom.js';
import { age, cappedCount, count, duration, time } from './format.js';

const STATE_TONES = { active: 'good', paused: 'warn', disabled: 'bad' };
const BREAKER_TONES = { closed: 'good', open: 'bad', half_open: 'warn', unknown: 'plain' };
const DELIVERY_TONES = { delivered: 'good', pending: 'warn', dead: 'bad', cancelled: 'plain' };

/** @param {any} overview */
export function showTiles(overview) {
  const past = overview.minutes.at(-2) ?? { accepted: 0, delivered: 0 };
  const hour = (/** @type {string} */ key) =>
    overview.minutes.reduce((/** @type {number} */ total, /** @type {any} */ each) => total + each[key], 0);
  const { pending, dead } = overview;
  fill(
    'tiles',
    tile('Accepted', count(hour('accepted')), `${count(past.accepted)} in the last minute`),
    tile('Delivered', count(hour('delivered')), `${count(past.delivered)} in the last minute`),
    tile('204 to delivered', duration(overview.latency.p50Ms), `95 %: ${duration(overview.latency.p95Ms)}`),
    tile(
      'Pending',
      cappedCount(pending),
      pending > 0 ? `oldest ${oldest(overview)}` : 'nothing waits',
      pending > 0 && 'warn',
    ),
    tile('Dead', cappedCount(dead), dead > 0 ? 'to be replayed' : 'none given up', dead > 0 && 'bad'),
    tile(
      'Unmatched',
      cappedCount(overview.unmatched),
      overview.unmatched > 0 ? 'not registered' : 'all is registered',
      overview.unmatched > 0 && 'warn',
    ),
  );
}

/** @param {any} overview */
function oldest({ merchants, at }) {
  const times = merchants
    .map((/** @type {any} */ { oldestPendingAt }) => oldestPendingAt)
    .filter(Boolean)
    .sort();
  return age(times[0] ?? null, at);
}

/** @param {string} name @param {string} value @param {string} note @param {string | false} [tone] */
function tile(name, value, note, tone = false) {
  return h(
    'div',
    { class: `tile ${tone || ''}` },
    h('dt', {}, name),
    h('dd', {}, h('span', { class: 'value' }, value), h('span', { class: 'muted' }, note)),
  );
}

/** @param {readonly any[]} minutes */
export function showMinutes(minutes) {
  const columns = [
    { head: 'Minute' },
    ...['Accepted', 'Delivered', 'Half', '95 %', '99 %'].map((head) => ({ head, numeric: true })),
  ];
  const rows = minutes
    .slice(-11, -1)
    .reverse()
    .map((minute) => [
      time(minute.at).slice(0, 5),
      count(minute.accepted),
      count(minute.delivered),
      duration(minute.p50Ms),
      duration(minute.p95Ms),
      duration(minute.p99Ms),
    ]);
  fill('minutes', table('Newest first; how long deliveries took from the 204 on', columns, rows, 'Nothing yet.'));
}

/** @param {any} overview */
export function showMerchants({ merchants, at }) {
  const columns = [
    { head: 'Merchant' },
    { head: 'Pending', numeric: true },
    { head: 'Oldest', numeric: true },
    { head: 'Dead', numeric: true },
  ];
  const rows = merchants.map((/** @type {any} */ each) => [
    h('span', {}, each.name, h('span', { class: 'sub' }, `${each.merchantGatewayId} ${each.merchantId}`)),
    cappedCount(each.pending),
    age(each.oldestPendingAt, at),
    cappedCount(each.dead),
  ]);
  fill('merchants', table('Deliveries that wait, and those given up', columns, rows, 'No merchant has a destination.'));
}

/** @param {any} overview */
export function showUnmatched({ newestUnmatched, unmatched, at }) {
  const columns = [{ head: 'Token' }, { head: 'Merchant' }, { head: 'Unknown' }, { head: 'Arrived' }];
  const rows = newestUnmatched.map((/** @type {any} */ each) => [
    code(each.tokenId),
    h('span', {}, each.merchantId, h('span', { class: 'sub' }, each.merchantGatewayId)),
    each.reason === 'UNKNOWN_TOKEN' ? 'token' : 'merchant',
    time(each.receivedAt, at),
  ]);
  const caption = `The newest of ${cappedCount(unmatched)}; they go out when merchant and token are registered`;
  fill('unmatched', table(caption, columns, rows, 'None: all that D1 calls for is registered.'));
}

/**
 * @param {readonly any[]} items
 * @param {string} now
 * @param {{ mayOperate: boolean, onPause: (item: any) => void, onResume: (item: any) => void, onReplayDead: (item: any) => void }} actions
 */
export function showDestinations(items, now, { mayOperate, onPause, onResume, onReplayDead }) {
  const columns = [
    { head: 'Destination' },
    { head: 'State' },
    { head: 'Breaker' },
    { head: 'Pending', numeric: true },
    { head: 'Oldest', numeric: true },
    { head: 'Dead', numeric: true },
    ...(mayOperate ? [{ head: 'Actions' }] : []),
  ];
  const rows = items.map((item) => [
    h(
      'span',
      {},
      `${item.merchantName} / ${item.name}`,
      h('span', { class: 'sub' }, `${item.merchantId} · ${item.kind}`),
    ),
    badge(item.state, STATE_TONES[/** @type {'active'} */ (item.state)] ?? 'plain'),
    badge(item.breaker.replace('_', ' '), BREAKER_TONES[/** @type {'open'} */ (item.breaker)] ?? 'plain'),
    cappedCount(item.pending),
    age(item.oldestPendingAt, now),
    cappedCount(item.dead),
    ...(mayOperate ? [destinationActions(item, { onPause, onResume, onReplayDead })] : []),
  ]);
  fill(
    'destinations',
    table(
      'Where updates go, as this instance sees it',
      columns,
      rows,
      'No destination is registered: what is accepted is kept, and goes nowhere.',
    ),
  );
}

/** @param {any} item @param {any} actions */
function destinationActions(item, { onPause, onResume, onReplayDead }) {
  const named = `${item.merchantName} / ${item.name}`;
  const button = (/** @type {string} */ text, /** @type {(item: any) => void} */ act) =>
    h(
      'button',
      { type: 'button', 'data-key': `${text} ${item.id}`, 'aria-label': `${text}: ${named}`, onclick: () => act(item) },
      text,
    );
  return h(
    'span',
    { class: 'actions' },
    item.state === 'active' ? button('Pause', onPause) : null,
    item.state === 'paused' ? button('Resume', onResume) : null,
    item.dead > 0 && item.state !== 'disabled' ? button('Replay dead', onReplayDead) : null,
  );
}

/** @param {readonly any[]} items @param {string} now @param {(delivery: any) => void} onTimeline */
export function showDeliveries(items, now, onTimeline) {
  const columns = [
    { head: 'Token' },
    { head: 'State' },
    { head: 'Merchant / destination' },
    { head: 'Tries', numeric: true },
    { head: 'Accepted' },
    { head: 'Last reason' },
    { head: 'Timeline' },
  ];
  const rows = items.map((item) => [
    h('span', {}, code(item.tokenId), h('span', { class: 'sub' }, `update ${item.sequence}`)),
    deliveryBadge(item.state),
    `${item.merchantId} / ${item.destination.name}`,
    count(item.attempts),
    time(item.createdAt, now),
    item.lastReason ?? '–',
    h(
      'button',
      {
        type: 'button',
        'data-key': `timeline ${item.id}`,
        'aria-label': `Timeline of update ${item.sequence} of token ${item.tokenId} for ${item.destination.name}`,
        onclick: () => onTimeline(item),
      },
      'Show',
    ),
  ]);
  fill('deliveries', table('The newest that match, 20 at most', columns, rows, 'None matches.'));
}

/** @param {string} state */
export function deliveryBadge(state) {
  return badge(state, /** @type {any} */ (DELIVERY_TONES)[state] ?? 'plain');
}
