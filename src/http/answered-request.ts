import type { NotifyUpdateParams } from '@gateway/d1-contract';

/** What is told of a request once it is answered. */
export interface AnsweredRequest {
  readonly method: string;
  /** Undefined where the path has none. */
  readonly route: string | undefined;
  readonly status: number;
  readonly durationMs: number;
  readonly correlationId: string;
  readonly remoteAddress: string;
  readonly clientId?: string | null;
  /** Those of the path that are in D1's format. */
  readonly ids?: Partial<NotifyUpdateParams>;
}
