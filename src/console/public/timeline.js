// One notification: when it came, and every attempt to hand it on.
import { at, code, fill, h } from './dom.js';
import { duration, time } from './format.js';
import { deliveryBadge } from './tables.js';

/**
 * @param {readonly any[]} deliveries of one notification, with their attempts
 * @param {string} now
 * @param {{ mayOperate: boolean, onReplay: (delivery: any) => void }} actions
 */
export function showTimeline(deliveries, now, { mayOperate, onReplay }) {
  const [first] = deliveries;
  if (!first) return;
  at('timeline').hidden = false;
  fill(
    'timeline-body',
    h(
      'dl',
      { class: 'facts' },
      ...fact('Token', code(first.tokenId)),
      ...fact('Update', String(first.sequence)),
      ...fact('Notification', code(first.notificationId)),
      ...fact('Correlation id', code(first.correlationId ?? '–')),
    ),
    ...deliveries.map((delivery) => deliveryPart(delivery, now, mayOperate ? onReplay : undefined)),
  );
}

/** @param {string} name @param {Node | string} value */
function fact(name, value) {
  return [h('dt', {}, name), h('dd', {}, value)];
}

/** @param {any} delivery @param {string} now @param {((delivery: any) => void) | undefined} onReplay */
function deliveryPart(delivery, now, onReplay) {
  const { id, merchantId, destination, state, createdAt, settledAt, dueAt, attemptHistory, lastReason } = delivery;
  const replay = onReplay
    ? h('button', { type: 'button', 'data-key': `replay ${id}`, onclick: () => onReplay(delivery) }, 'Replay')
    : null;
  return h(
    'section',
    { class: 'delivery', 'aria-label': `Delivery to ${destination.name}` },
    h('h3', {}, `${merchantId} / ${destination.name} `, deliveryBadge(state)),
    h('p', { class: 'muted' }, 'webhook-id ', code(id)),
    h(
      'ol',
      { class: 'timeline' },
      step('good', time(createdAt, now), 'Accepted: D1 was answered 204', ''),
      ...attemptHistory.map((/** @type {any} */ attempt, /** @type {number} */ index) =>
        attemptStep(attempt, index, now),
      ),
      end(state, { settledAt, dueAt, lastReason }, now),
    ),
    replay,
  );
}

/** @param {any} attempt @param {number} index @param {string} now */
function attemptStep({ startedAt, durationMs, outcome, statusCode, reason }, index, now) {
  const answered = statusCode === null ? '' : ` · HTTP ${statusCode}`;
  const tone = outcome === 'delivered' ? 'good' : outcome === 'refused' ? 'bad' : 'warn';
  return step(
    tone,
    time(startedAt, now),
    `Try ${index + 1}: ${outcome}${answered} · ${duration(durationMs)}`,
    reason ?? '',
  );
}

/** @param {string} state @param {any} times @param {string} now */
function end(state, { settledAt, dueAt, lastReason }, now) {
  if (state === 'pending') return step('plain', time(dueAt, now), 'Next try, not before', '');
  if (state === 'dead') return step('bad', time(settledAt, now), 'Given up', '');
  if (state === 'cancelled') return step('plain', time(settledAt, now), 'Cancelled', lastReason ?? '');
  return null;
}

/** @param {string} tone @param {string} when @param {string} what @param {string} why */
function step(tone, when, what, why) {
  return h(
    'li',
    { class: tone },
    h('span', { class: 'when' }, when),
    h('span', { class: 'what' }, what),
    why === '' ? null : h('span', { class: 'why' }, why),
  );
}
