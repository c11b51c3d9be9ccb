/** What the vault wants to know of a token. */
export interface CardState {
  readonly state: string;
  readonly expiry: string | null;
}

const STATE = /^[A-Z_]{1,32}$/;
const EXPIRY = /^\d{4}-(0[1-9]|1[0-2])$/;

/**
 * Reads D1's answer. Its shape is agreed with Thales; ours is `{"state": "ACTIVE", "card": {"expiry": "2029-07"}}`.
 *
 * @throws Error where it is not of that shape: nothing of it is then kept
 */
export function toCardState(answer: unknown): CardState {
  const { state, card } = (answer ?? {}) as { state?: unknown; card?: { expiry?: unknown } };
  if (typeof state !== 'string' || !STATE.test(state)) throw new Error('D1 said nothing of the state');
  const expiry = card?.expiry;
  return { state, expiry: typeof expiry === 'string' && EXPIRY.test(expiry) ? expiry : null };
}
