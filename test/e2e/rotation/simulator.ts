import { fetchAccessToken, runNotifications, type RunResult } from '@gateway/d1-simulator';
import { expect } from 'vitest';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, TOKEN } from '../../support/test-gateway.js';

/** What D1 sends between two changes. */
const SOME = 300;

/** D1 with one secret, at full rate until it is told to end: notifications, and access tokens one after the other. */
export class Simulator {
  private readonly end = new AbortController();
  private readonly notifications: Promise<RunResult>;
  private readonly accessTokens: Promise<number>;
  private answered = 0;

  constructor(
    private readonly baseUrl: string,
    private readonly clientSecret: string,
  ) {
    this.notifications = runNotifications({
      ...this.options,
      targets: [{ merchantGatewayId: MERCHANT_GATEWAY, merchantId: MERCHANT, tokenId: TOKEN }],
      count: 1_000_000,
      concurrency: 16,
      onAnswer: () => void (this.answered += 1),
      signal: this.end.signal,
    });
    this.accessTokens = this.fetchAccessTokens();
  }

  /** Until it has sent some more. */
  async some(): Promise<void> {
    const before = this.answered;
    const failed = Promise.all([this.notifications, this.accessTokens]).then(() => {
      throw new Error('It has ended');
    });
    const sent = expect.poll(() => this.answered - before, { timeout: 60_000, interval: 20 }).toBeGreaterThan(SOME);
    await Promise.race([sent, failed]);
  }

  /** @returns what its notifications came to, and how many access tokens it was given; throws where one was refused */
  async stop(): Promise<{ result: RunResult; granted: number }> {
    this.end.abort();
    return { result: await this.notifications, granted: await this.accessTokens };
  }

  /** None is asked for a second time: what is not 200 is an error. */
  private async fetchAccessTokens(): Promise<number> {
    let granted = 0;
    for (; !this.end.signal.aborted; granted += 1) await fetchAccessToken(this.options);
    return granted;
  }

  private get options() {
    const { baseUrl, clientSecret } = this;
    return { baseUrl, credentials: { clientId: D1_CLIENT, clientSecret }, retry: { maxAttempts: 1 } };
  }
}

/** Stops it: nothing that it has sent or asked for was refused. */
export async function onlyGood(simulator: Simulator): Promise<void> {
  const { result, granted } = await simulator.stop();
  expect(result).toMatchObject({ retries: 0, unanswered: 0 });
  expect(result.answersByStatus).toEqual({ 204: result.finished });
  expect(result.finished).toBeGreaterThan(SOME);
  expect(granted).toBeGreaterThan(0);
}
