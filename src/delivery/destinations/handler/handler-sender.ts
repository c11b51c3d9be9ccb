import type { HandlerContext, Outcome } from '@gateway/merchant-kit';
import { Injectable } from '@nestjs/common';
import { GatewayConfig } from '../../../config/gateway-config.js';
import { withDeadline } from '../../dispatcher/with-deadline.js';
import { DestinationSender, type DestinationTarget, type TryResult } from '../destination-sender.js';
import { eventWithPayload, type OutgoingEvent } from '../outgoing-event.js';
import { HandlerRegistry } from './handler-registry.js';

/** Gives an event to a team's code, and turns whatever that does into an outcome. */
@Injectable()
export class HandlerSender extends DestinationSender {
  constructor(
    private readonly handlers: HandlerRegistry,
    private readonly config: GatewayConfig,
  ) {
    super();
  }

  async send(target: DestinationTarget, outgoing: OutgoingEvent, context: HandlerContext): Promise<TryResult> {
    const handler = this.handlers.find(target.handler ?? '');
    if (!handler) return again(`There is no handler ${target.handler}`);
    try {
      const outcome: unknown = await withDeadline(this.config.delivery.handlerTimeoutMs, (timeUp) => {
        const signal = AbortSignal.any([context.signal, timeUp]);
        const call = Promise.resolve().then(() => handler.handle(eventWithPayload(outgoing), { ...context, signal }));
        return Promise.race([call, aborted(signal)]);
      });
      return isOutcome(outcome) ? { outcome } : again('The handler returned no outcome');
    } catch (error) {
      return again(`The handler failed: ${error instanceof Error ? error.message : typeof error}`);
    }
  }
}

function again(reason: string): TryResult {
  return { outcome: { kind: 'retry', reason } };
}

function aborted(signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    const onAbort = (): void => resolve({ kind: 'retry', reason: 'The handler did not settle in time' });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

function isOutcome(value: unknown): value is Outcome {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, reason, afterMs } = value as Record<string, unknown>;
  if (kind === 'delivered') return true;
  if (kind === 'refused') return typeof reason === 'string';
  const isWait = afterMs === undefined || (typeof afterMs === 'number' && afterMs >= 0 && Number.isFinite(afterMs));
  return kind === 'retry' && typeof reason === 'string' && isWait;
}
