// D1 over the whole scenario: the simulator's own parts, with every single try counted.
import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import {
  AccessTokenSource,
  D1Channel,
  DEFAULT_RETRY_POLICY,
  Notifier,
  systemClock,
} from '../../dist/libs/d1-simulator/src/index.js';
import { authorization, D1 as CLIENT, TARGETS } from './registry.mjs';

/** Patient: a notification is tried until it has its final answer, however long the fault lasts. */
const POLICY = { ...DEFAULT_RETRY_POLICY, maxAttempts: 100_000, baseDelayMs: 100, maxDelayMs: 1000 };

export class D1 {
  sent = 0;
  /** Correlation ids of what got 204. */
  acknowledged = new Set();
  /** Of every single try, by status. */
  tries = {};
  /** Final answers other than 204; there must be none. */
  refused = [];
  connectionFailures = 0;

  /**
   * @param ratePerSecond over all connections; as fast as it gets answers, where it is Infinity
   * @param timeoutMs of a try
   */
  constructor(url, { connections = 16, ratePerSecond = 200, timeoutMs = 15_000 } = {}) {
    this.url = url;
    this.connections = connections;
    this.pauseMs = (connections / ratePerSecond) * 1000;
    this.abort = new AbortController();
    this.ending = false;
    const { signal } = this.abort;
    // Each connection that waits for its next try listens.
    setMaxListeners(0, signal);
    const retry = { policy: POLICY, clock: systemClock, signal };
    this.channel = new D1Channel({ baseUrl: url, connections, timeoutMs, signal });
    this.notifier = new Notifier(this.channel, {
      accessTokens: new AccessTokenSource(this.channel, CLIENT, retry),
      retry,
      onTry: (tried) => this.count(tried),
    });
  }

  begin() {
    this.running = Promise.all(Array.from({ length: this.connections }, () => this.sendInTurn()));
    // Looked at when it ends; until then nobody waits for it.
    this.running.catch(() => undefined);
  }

  /** No more new ones; those under way come to their answer. */
  async end() {
    this.ending = true;
    await this.running;
    await this.channel.close();
  }

  /** One try of one notification at this instance, apart from the rest. @returns its correlation id if it got 204 */
  async probe(url) {
    this.probeAuthorization ??= await authorization(url, CLIENT);
    const { merchantGatewayId, merchantId, tokenId } = TARGETS[this.sent % TARGETS.length];
    const correlationId = randomUUID();
    const answer = await fetch(
      `${url}/merchant-gateways/${merchantGatewayId}/merchants/${merchantId}/tokens/${tokenId}/notify-update`,
      {
        method: 'POST',
        headers: { authorization: this.probeAuthorization, 'x-correlation-id': correlationId },
        signal: AbortSignal.timeout(5000),
      },
    );
    await answer.text();
    this.sent += 1;
    this.count({ answered: true, status: answer.status });
    if (answer.status === 204) this.acknowledged.add(correlationId);
    else if (answer.status !== 503) this.refused.push({ status: answer.status, detail: 'a probe' });
    return answer.status === 204 ? correlationId : undefined;
  }

  async sendInTurn() {
    // Spread over the first pause.
    if (this.pauseMs > 0) await wait(Math.random() * this.pauseMs);
    while (!this.ending) {
      const target = TARGETS[this.sent % TARGETS.length];
      this.sent += 1;
      const { status, correlationId, detail } = await this.notifier.notify(target);
      if (status === 204) this.acknowledged.add(correlationId);
      else this.refused.push({ status, detail });
      if (this.pauseMs > 0) await wait(this.pauseMs);
    }
  }

  count(tried) {
    if (!tried.answered) {
      this.connectionFailures += 1;
      return;
    }
    this.tries[tried.status] = (this.tries[tried.status] ?? 0) + 1;
  }
}
