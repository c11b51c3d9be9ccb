import type { MerchantRef } from '@gateway/merchant-kit';
import type { PayloadCipher } from '../../secrets/payload-cipher.js';
import type { IncomingCall } from '../incoming-call.js';
import type { NotificationsRepository, OpenCall, Recorded, Written } from './notifications.repository.js';

/** The one place where payloads are written, be it of notifications or of calls that became none: sealed. */
export class SealedNotificationsRepository implements NotificationsRepository {
  constructor(
    private readonly repository: NotificationsRepository,
    private readonly cipher: PayloadCipher,
  ) {}

  recordBatch(calls: readonly IncomingCall[]): Promise<Written<readonly Recorded[]>> {
    return this.repository.recordBatch(calls.map((call) => this.sealed(call)));
  }

  recordFailed(call: IncomingCall, cause: string): Promise<void> {
    return this.repository.recordFailed(this.sealed(call), cause);
  }

  /** The record keeps its id, and so its key. */
  matchUnmatched(limit: number, nowMs: number): Promise<Written<number>> {
    return this.repository.matchUnmatched(limit, nowMs);
  }

  findOpen(merchants: readonly MerchantRef[], afterId: string, limit: number): Promise<readonly OpenCall[]> {
    return this.repository.findOpen(merchants, afterId, limit);
  }

  private sealed(call: IncomingCall): IncomingCall {
    return call.payload === null ? call : { ...call, payload: this.cipher.seal(call.id, call.payload) };
  }
}
