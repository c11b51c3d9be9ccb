export { AccessTokenError, type AccessTokenErrorKind } from './access-token-error.js';
export { AccessTokenSource, type ClientCredentials } from './access-token-source.js';
export type { AccessToken } from './access-token.js';
export { systemClock, type Clock } from './clock.js';
export { D1Channel, type D1ChannelOptions, type PostRequest, type TlsOptions } from './d1-channel.js';
export { fetchAccessToken, type FetchAccessTokenOptions } from './fetch-access-token.js';
export type { HttpAnswered, HttpTry, HttpUnanswered } from './http-try.js';
export { Notifier, type NotificationAnswer, type NotificationTarget, type NotifierOptions } from './notifier.js';
export { parseRetryAfter } from './retry-after.js';
export {
  decideRetry,
  DEFAULT_RETRY_POLICY,
  type RetryDecision,
  type RetryPolicy,
  type TriedOnce,
} from './retry-decision.js';
export type { RetryContext } from './retry-loop.js';
export { RunFailedError } from './run-failed-error.js';
export { runNotifications } from './run-notifications.js';
export type { RunOptions } from './run-options.js';
export type { LatencyMs, RunResult } from './run-result.js';
export { openSession, type Session, type SessionOptions } from './session.js';
