import type { NotificationAnswer, NotificationTarget } from './notifier.js';
import type { SessionOptions } from './session.js';

/** What {@link runNotifications} is to send, and how. */
export interface RunOptions extends SessionOptions {
  /** The tokens that the notifications are about, one after the other and over again. At least one. */
  readonly targets: readonly NotificationTarget[];
  /** Notifications to send. */
  readonly count: number;
  /** Notifications, and connections, at the same time. Default: 1. */
  readonly concurrency?: number;
  /** JSON text to send along with each; D1 documents no body. Default: no body. */
  readonly payload?: string;
  /** Called as each notification ends, before its connection sends another. What it throws ends the run. */
  readonly onAnswer?: (answer: NotificationAnswer) => void;
  /** Ends the run: requests in flight are dropped and count as not finished. */
  readonly signal?: AbortSignal;
}

/** @throws RangeError that names the first option at fault */
export function checkRunOptions({ targets, count, concurrency = 1 }: RunOptions): void {
  if (targets.length === 0) throw new RangeError('targets is empty');
  if (!Number.isInteger(count) || count < 0) throw new RangeError(`count is no whole number: ${count}`);
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new RangeError(`concurrency is no whole number from 1 on: ${concurrency}`);
  }
}
