import type { Outcome } from '@gateway/merchant-kit';
import type { DestinationKind } from '../../registry/entities/destination.entity.js';
import type { OutgoingEvent } from './outgoing-event.js';

/** Where a merchant wants its updates, as a sender sees it. */
export interface DestinationTarget {
  readonly id: string;
  readonly merchantId: string;
  readonly name: string;
  readonly kind: DestinationKind;
  /** Of a webhook. */
  readonly url: string | null;
  /** Of a webhook: what it is signed with, newest first; two while one is being replaced. */
  readonly secrets: readonly string[];
  /** Of a handler: its name. */
  readonly handler: string | null;
}

/** The try that is made. */
export interface TryContext {
  /** The same over all tries of one delivery. */
  readonly deliveryId: string;
  /** 1 for the first. */
  readonly attempt: number;
  readonly signal: AbortSignal;
  /** More headers of a request, in lower case: those of the try's trace. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What one try came to, and what the gateway learns from it besides. */
export interface TryResult {
  readonly outcome: Outcome;
  /** Of a webhook that answered. */
  readonly statusCode?: number;
  /** The receiver wants nothing any more (410 Gone). */
  readonly disableDestination?: true;
  /** No try was made, and none will be: the merchant does not want the event. */
  readonly unwanted?: string;
}

/**
 * Makes a try for one kind of destination. It never throws: what goes wrong is an outcome. It settles soon after
 * `context.signal` is aborted.
 */
export abstract class DestinationSender {
  abstract send(target: DestinationTarget, outgoing: OutgoingEvent, context: TryContext): Promise<TryResult>;
}
