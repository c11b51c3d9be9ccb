// Whether an answer's time tells that a client exists: samples of both kinds, one after the other in turn, compared by ranks
// (Mann-Whitney), as single slow answers must not decide.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { send } from '../support/http.js';
import { basic, D1_CLIENT, TestGateway } from '../support/test-gateway.js';

const SAMPLES = 60;
/** By chance alone, one run in 15,000 is beyond it. */
const MAX_Z = 4;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start({ env: { GUESS_LIMIT_PER_MINUTE: '100000', LOG_LEVEL: 'fatal' } });
});
afterAll(() => gateway.close());

async function refusalMs(clientId: string): Promise<number> {
  const headers = {
    authorization: basic(clientId, 'a-secret-that-is-wrong'),
    'content-type': 'application/x-www-form-urlencoded',
  };
  const startedMs = performance.now();
  const { status } = await send(gateway.url, '/oauth2/token', { headers, body: 'grant_type=client_credentials' });
  const elapsedMs = performance.now() - startedMs;
  expect(status).toBe(401);
  return elapsedMs;
}

/** How many standard deviations the sum of ranks is off what it would be if both kinds were one. */
function mannWhitneyZ(one: readonly number[], other: readonly number[]): number {
  const less = one.flatMap((a) => other.map((b) => (a < b ? 1 : a === b ? 0.5 : 0)));
  const u = less.reduce<number>((sum, part) => sum + part, 0);
  const pairs = one.length * other.length;
  return (u - pairs / 2) / Math.sqrt((pairs * (one.length + other.length + 1)) / 12);
}

it('the measure tells a difference of a millisecond in a hundred', () => {
  const noise = Array.from({ length: SAMPLES }, (_, index) => 100 + ((index * 37) % 60) / 40);
  expect(Math.abs(mannWhitneyZ(noise, noise))).toBeLessThan(0.1);
  expect(
    Math.abs(
      mannWhitneyZ(
        noise,
        noise.map((ms) => ms + 1),
      ),
    ),
  ).toBeGreaterThan(MAX_Z);
});

it('an unknown client and a wrong secret take the same time', { timeout: 120_000 }, async () => {
  const known: number[] = [];
  const unknown: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    // Another one each time: what was looked up once is remembered. In turns, so that neither is always the first.
    const measure = [
      async () => void known.push(await refusalMs(D1_CLIENT)),
      async () => void unknown.push(await refusalMs(`is_tbank${sample}`)),
    ];
    for (const take of sample % 2 === 0 ? measure : measure.toReversed()) await take();
  }

  expect(Math.abs(mannWhitneyZ(known, unknown))).toBeLessThan(MAX_Z);
});
