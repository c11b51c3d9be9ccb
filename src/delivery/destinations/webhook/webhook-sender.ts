import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { retry } from '@gateway/merchant-kit';
import { Clock } from '../../../clock/clock.js';
import { GatewayConfig } from '../../../config/gateway-config.js';
import { DestinationSender, type DestinationTarget, type TryContext, type TryResult } from '../destination-sender.js';
import { eventJson, type OutgoingEvent } from '../outgoing-event.js';
import { Deadline } from './deadline.js';
import { responseOutcome, type WebhookAnswer } from './response-outcome.js';
import { WebhookAgent } from './webhook-agent.js';
import { WebhookFailure, failureReason } from './webhook-failure.js';
import { webhookSignature } from './webhook-signature.js';

const MAX_ANSWER_BYTES = 16_384;

/**
 * Sends events as webhooks, by Standard Webhooks 1.0.
 *
 * The status decides. What follows it is read only so that the connection can serve again: at most 16 KiB, and not
 * past the deadline; then the connection is closed, and the status still counts.
 */
@Injectable()
export class WebhookSender extends DestinationSender implements OnApplicationShutdown {
  private readonly timeoutMs: number;
  private readonly underWay = new Set<Promise<TryResult>>();

  constructor(
    config: GatewayConfig,
    private readonly agent: WebhookAgent,
    private readonly clock: Clock,
  ) {
    super();
    this.timeoutMs = config.delivery.webhookTimeoutMs;
  }

  async send(target: DestinationTarget, outgoing: OutgoingEvent, context: TryContext): Promise<TryResult> {
    const result = this.try(target, outgoing, context);
    this.underWay.add(result);
    return result.finally(() => this.underWay.delete(result));
  }

  /** Waits for the tries under way, which their deadlines end; not for connections that nobody waits for any more. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.underWay);
    await this.agent.destroy();
  }

  private async try(target: DestinationTarget, outgoing: OutgoingEvent, context: TryContext): Promise<TryResult> {
    const deadline = new Deadline(this.timeoutMs, context.signal);
    try {
      const answer = await this.post(target, outgoing, context, deadline);
      return responseOutcome(answer, this.clock.nowMs());
    } catch (error) {
      return { outcome: retry({ reason: failureReason(error) }) };
    } finally {
      deadline.clear();
    }
  }

  private async post(
    target: DestinationTarget,
    outgoing: OutgoingEvent,
    { deliveryId: id, headers: more }: TryContext,
    deadline: Deadline,
  ): Promise<WebhookAnswer> {
    const { origin, pathname, search } = webhookUrl(target.url);
    const body = eventJson(outgoing);
    const timestampSeconds = Math.floor(this.clock.nowMs() / 1000);
    const headers = {
      ...more,
      'content-type': 'application/json',
      'user-agent': 'D1-Merchant-Gateway',
      'accept-encoding': 'identity',
      'webhook-id': id,
      'webhook-timestamp': String(timestampSeconds),
      'webhook-signature': webhookSignature({ id, timestampSeconds, body }, target.secrets),
    };
    const request = {
      origin,
      path: pathname + search,
      method: 'POST',
      headers,
      body,
      signal: deadline.signal,
    } as const;
    // While there is no connection yet, undici takes note of the signal and does not settle.
    const answer = await deadline.race(this.agent.request(request));
    await answer.body.dump({ limit: MAX_ANSWER_BYTES });
    const retryAfter = answer.headers['retry-after'];
    return { statusCode: answer.statusCode, retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter };
  }
}

function webhookUrl(text: string | null): URL {
  if (text === null || !URL.canParse(text)) throw new WebhookFailure('the destination has no valid URL');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new WebhookFailure('the URL is neither https nor http');
  if (url.username || url.password) throw new WebhookFailure('the URL contains credentials, which are not sent');
  return url;
}
