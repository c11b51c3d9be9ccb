/** What a merchant can be told to do with a webhook whose signature is good. */
export const BEHAVIOURS = ['ok', 'fail', 'hang', 'throttle', 'slow', 'gone'] as const;

/**
 * `ok` answers 204, `fail` 500, `hang` never, `throttle` 429 with `Retry-After`, `slow` 204 after a while, `gone` 410:
 * it wants no more webhooks.
 */
export type BehaviourKind = (typeof BEHAVIOURS)[number];

/** How a merchant treats webhooks from now on. */
export interface Behaviour {
  readonly kind: BehaviourKind;
  /** Only every n-th webhook is treated so, the others get 204. Default: 1, which is all of them. */
  readonly every?: number;
  /** Of `slow`: milliseconds from the webhook to its answer. Default: 3000. */
  readonly delayMs?: number;
  /** Of `throttle`: what `Retry-After` asks for. Default: 2. */
  readonly retryAfterSeconds?: number;
}

export const DEFAULT_DELAY_MS = 3000;
export const DEFAULT_RETRY_AFTER_SECONDS = 2;

/** The answer to one webhook. */
export interface Answer {
  /** Undefined: there is none, and the connection stays open. */
  readonly status: number | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly delayMs?: number;
}

const ACCEPTED: Answer = { status: 204 };

const ANSWERS: Readonly<Record<BehaviourKind, (behaviour: Behaviour) => Answer>> = {
  ok: () => ACCEPTED,
  fail: () => ({ status: 500 }),
  hang: () => ({ status: undefined }),
  throttle: ({ retryAfterSeconds = DEFAULT_RETRY_AFTER_SECONDS }) => ({
    status: 429,
    headers: { 'retry-after': String(retryAfterSeconds) },
  }),
  slow: ({ delayMs = DEFAULT_DELAY_MS }) => ({ status: 204, delayMs }),
  gone: () => ({ status: 410 }),
};

/** @param turn number of the webhook since this behaviour began, from 1 */
export function answerTo(turn: number, behaviour: Behaviour): Answer {
  const { kind, every = 1 } = behaviour;
  return turn % every === 0 ? ANSWERS[kind](behaviour) : ACCEPTED;
}
