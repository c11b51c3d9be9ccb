import type { Outcome } from '@gateway/merchant-kit';
import { maskPan } from '../../privacy/mask-pan.js';

const MAX_REASON_LENGTH = 500;
/** More is not looked at; what is cut off there leaves no part of a card number in what is kept. */
const MAX_READ_LENGTH = 600;
const MAX_AFTER_MS = 86_400_000;

/** An outcome as it may be recorded: a receiver's or a handler's words are a line without card numbers, its wish a day at most. */
export function boundedOutcome(outcome: Outcome): Outcome {
  if (outcome.kind === 'delivered') return { kind: 'delivered' };
  const reason = oneLine(outcome.reason);
  if (outcome.kind === 'refused' || outcome.afterMs === undefined) return { kind: outcome.kind, reason };
  return { kind: 'retry', reason, afterMs: Math.min(Math.max(outcome.afterMs, 0), MAX_AFTER_MS) };
}

/** PostgreSQL keeps no NUL. */
function oneLine(text: string): string {
  return maskPan(text.slice(0, MAX_READ_LENGTH).replaceAll(/\p{Cc}+/gu, ' '))
    .slice(0, MAX_REASON_LENGTH)
    .trim();
}
