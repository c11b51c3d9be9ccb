import type { SpanContext } from '@opentelemetry/api';
import { LRUCache } from 'lru-cache';

const MAX_REMEMBERED = 20_000;
const REMEMBERED_MS = 900_000;

/**
 * The traces in which notifications came, so that the tries of the next minutes belong to them. A try that is made later, or by
 * another instance, begins a trace of its own, and the correlation id is what ties it to the first.
 */
export class NotificationTraces {
  private readonly spans = new LRUCache<string, SpanContext>({ max: MAX_REMEMBERED, ttl: REMEMBERED_MS });

  remember(notificationId: string, span: SpanContext): void {
    this.spans.set(notificationId, span);
  }

  of(notificationId: string): SpanContext | undefined {
    return this.spans.get(notificationId);
  }
}
