import { WebhookFailure } from './webhook-failure.js';

/**
 * Aborts when a time is up or an outer signal is aborted, whichever comes first. To be cleared: unlike
 * `AbortSignal.any` with `AbortSignal.timeout` it leaves no timer behind, and there are thousands of tries a second.
 */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly stop = (): void => this.controller.abort(new WebhookFailure('stopped before the answer'));

  constructor(
    timeoutMs: number,
    private readonly outer: AbortSignal,
  ) {
    const expire = (): void => this.controller.abort(new WebhookFailure(`no answer within ${timeoutMs} ms`));
    this.timer = setTimeout(expire, timeoutMs);
    outer.addEventListener('abort', this.stop, { once: true });
    if (outer.aborted) this.stop();
  }

  /** Its reason is a `WebhookFailure`. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Settles as the work does, or rejects at once when aborted: what the work comes to after that is not heard. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      work.then(resolve, reject);
      const giveUp = (): void => reject(this.signal.reason as WebhookFailure);
      if (this.signal.aborted) giveUp();
      else this.signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  clear(): void {
    clearTimeout(this.timer);
    this.outer.removeEventListener('abort', this.stop);
  }
}
