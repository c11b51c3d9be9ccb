import { Notifier, openSession, type HttpTry, type Session } from '@gateway/d1-simulator';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { GatewayProcess } from '../support/gateway-process.js';
import { Receiver } from '../support/receiver.js';
import { createTestDatabase, openForInspection, type TestDatabase } from '../support/test-database.js';
import { D1_CLIENT, MERCHANT_GATEWAY } from '../support/test-gateway.js';
import { figuresTable, median, quantile, type Turn } from './misbehaving-figures.js';

/** As `misbehaving-gateway.mjs` has them; each is the destination of a merchant of its own. */
const HANDLERS = ['blocks', 'leaks', 'never-returns', 'rejects-in-timer', 'throws-async', 'throws-sync'];
/** What holds up the dispatcher's event loop holds up all that is delivered by it. */
const HURTS_ITS_PROCESS = 'blocks';
const MERCHANTS = Array.from({ length: HANDLERS.length + 2 }, (_, index) => `1061003${String(index).padStart(4, '0')}`);
const TOKENS = Array.from({ length: 25 }, (_, index) => `token-${index}`);
/** The two that have webhooks are called five times as often as those with handlers. */
const ROUND = [...MERCHANTS, ...Array.from({ length: 4 }, () => MERCHANTS.slice(-2)).flat()];
/** In a phase a handler fails eight times: at ten the breaker would put an end to its misbehaviour. */
const ROUNDS = 8;
const TARGETS = TOKENS.flatMap((tokenId) =>
  ROUND.map((merchantId) => ({ merchantGatewayId: MERCHANT_GATEWAY, merchantId, tokenId })),
);
const CREDENTIALS = { clientId: D1_CLIENT, clientSecret: 'shared' };
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Good and bad take turns, so that what else the machine does falls on both. */
const TURNS = 3;
const COUNT = ROUNDS * ROUND.length;
/** 160 in a second. */
const INTERVAL_MS = 6;
const MOST_RATIO = 1.5;
/** As long as D1 waits. */
const UNANSWERED_MS = 10_000;

// On SQLite one instance does it all.
describe.runIf(inject('engine') === 'postgres')('handlers that misbehave in a dispatcher of their own', () => {
  let database: TestDatabase;
  let view: DataSource;
  let receivers: Receiver[];
  let intake: GatewayProcess;
  let dispatcher: GatewayProcess;
  /** Has the name of the handler that misbehaves. */
  let misbehave: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    view = await openForInspection(database.env);
    receivers = await Promise.all([Receiver.start(), Receiver.start()]);
    misbehave = join(database.dataDir, 'misbehave');
    await writeFile(misbehave, 'none');
    intake = await start({ ROLES: 'intake' });
    dispatcher = await start({ ROLES: 'dispatcher', MISBEHAVE_FILE: misbehave });
  });
  afterEach(async () => {
    await Promise.all([intake.end(), dispatcher.end('SIGKILL')]);
    await Promise.all([view.destroy(), ...receivers.map((receiver) => receiver.close())]);
    await database.drop();
  });

  function start(env: Readonly<Record<string, string>>): Promise<GatewayProcess> {
    const merchants = MERCHANTS.map((id, index) => {
      const handler = HANDLERS[index];
      const webhook = { kind: 'webhook', url: receivers[index - HANDLERS.length]?.url, secret: SECRET };
      const destination = handler ? { name: handler, kind: 'handler', handler } : { name: 'webhook', ...webhook };
      return { id, name: `Merchant ${index}`, tokens: TOKENS, destinations: [destination] };
    });
    const provision = {
      merchantGateways: [{ id: MERCHANT_GATEWAY, name: 'PSP', merchants }],
      clients: [{ ...CREDENTIALS, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] }],
    };
    const settings = {
      WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
      HANDLER_TIMEOUT_MS: '500',
      // What has failed does so once, and in its own phase.
      DELIVERY_RETRY_SCHEDULE_SECONDS: '3600',
      ...env,
    };
    return GatewayProcess.start(database, settings, provision, 'test/faults/misbehaving-gateway.mjs');
  }

  /** Is D1 at a constant rate: a slow answer does not keep the next call waiting. Then waits for the good merchants' webhooks. */
  async function phase(session: Session, misbehaving: string): Promise<{ intakeP99Ms: number; webhookMs: number }> {
    await writeFile(misbehave, misbehaving);
    const before = receivers.map(({ received }) => received.length);
    const latenciesMs: number[] = [];
    const onTry = (tried: HttpTry): void =>
      void latenciesMs.push(tried.answered ? tried.latencyMicros / 1000 : UNANSWERED_MS);
    const notifier = new Notifier(session.channel, { ...session, onTry });
    const calls: ReturnType<Notifier['notify']>[] = [];
    for await (const _ of setInterval(INTERVAL_MS)) {
      const target = TARGETS[calls.length % TARGETS.length];
      if (target) calls.push(notifier.notify(target));
      if (calls.length === COUNT) break;
    }
    const answers = await Promise.all(calls);
    expect(answers.filter(({ status, attempts }) => status !== 204 || attempts > 1)).toEqual([]);

    const each = ROUNDS * 5;
    const arrived = (): number[] => receivers.map(({ received }, index) => received.length - (before[index] ?? 0));
    await expect.poll(arrived, { timeout: 60_000, interval: 20 }).toEqual([each, each]);
    const webhooksMs = receivers.flatMap(({ received }) =>
      received.slice(-each).map(({ atMs, event }) => atMs - Date.parse(event.data.receivedAt)),
    );
    return { intakeP99Ms: quantile(latenciesMs, 0.99), webhookMs: median(webhooksMs) };
  }

  it('keep nothing from D1 and from the other merchants, and are named', { timeout: 240_000 }, async ({ annotate }) => {
    const session = openSession({ baseUrl: intake.url, credentials: CREDENTIALS }, 64, new AbortController().signal);
    // Code that has run for the first time is not counted.
    await phase(session, 'none');
    const turns: Turn[] = [];
    for (let turn = 1; turn <= TURNS; turn += 1) {
      for (const handler of HANDLERS) {
        const besideGood = await phase(session, 'none');
        turns.push({ handler, besideGood, besideBad: await phase(session, handler) });
      }
    }
    await session.channel.close();
    await annotate(figuresTable(turns));

    const intakeRatios = turns.map(({ besideGood, besideBad }) => besideBad.intakeP99Ms / besideGood.intakeP99Ms);
    expect(median(intakeRatios)).toBeLessThanOrEqual(MOST_RATIO);
    const webhookRatios = turns
      .filter(({ handler }) => handler !== HURTS_ITS_PROCESS)
      .map(({ besideGood, besideBad }) => besideBad.webhookMs / besideGood.webhookMs);
    expect(median(webhookRatios)).toBeLessThanOrEqual(MOST_RATIO);

    await dispatcher.untilLogged('rejected in a timer');
    const lines = dispatcher.stdout.split('\n');
    const heldUp = lines.filter((line) => line.includes('A handler held up the event loop'));
    expect(new Set(heldUp.map((line) => (JSON.parse(line) as { handler: string }).handler))).toEqual(
      new Set([HURTS_ITS_PROCESS]),
    );
    const stray = lines.find((line) => line.includes('rejected in a timer'));
    expect(JSON.parse(stray ?? '{}')).toMatchObject({ level: 'error', handler: 'rejects-in-timer' });
    const failing = `
      select t.name, d.last_reason as reason, count(*)::int as times
      from deliveries d join destinations t on t.id = d.destination_id
      where d.state = 'pending' and d.last_reason is not null group by 1, 2 order by 1`;
    const times = TURNS * ROUNDS;
    await expect
      .poll(() => view.query(failing), { timeout: 10_000 })
      .toEqual([
        { name: 'never-returns', reason: 'The handler did not settle in time', times },
        { name: 'throws-async', reason: 'The handler failed: thrown later', times },
        { name: 'throws-sync', reason: 'The handler failed: thrown at once', times },
      ]);
    expect((await fetch(`${dispatcher.url}/health/live`)).status).toBe(200);
  });
});
