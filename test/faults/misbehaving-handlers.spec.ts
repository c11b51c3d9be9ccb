import { Notifier, openSession, type HttpTry, type Session } from '@gateway/d1-simulator';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setInterval } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { GatewayProcess } from '../support/gateway-process.js';
import { Receiver } from '../support/receiver.js';
import { createTestDatabase, openForInspection, type TestDatabase } from '../support/test-database.js';
import { D1_CLIENT, MERCHANT_GATEWAY } from '../support/test-gateway.js';

/** As `misbehaving-gateway.mjs` has them; each is the destination of a merchant of its own. */
const HANDLERS = ['blocks', 'leaks', 'never-returns', 'rejects-in-timer', 'throws-async', 'throws-sync'];
const MERCHANTS = Array.from({ length: HANDLERS.length + 2 }, (_, index) => `1061003${String(index).padStart(4, '0')}`);
const TOKENS = Array.from({ length: 25 }, (_, index) => `token-${index}`);
const TARGETS = TOKENS.flatMap((tokenId) =>
  MERCHANTS.map((merchantId) => ({ merchantGatewayId: MERCHANT_GATEWAY, merchantId, tokenId })),
);
const CREDENTIALS = { clientId: D1_CLIENT, clientSecret: 'shared' };
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Good and bad take turns, so that what else the machine does falls on both. */
const TURNS = 3;
const COUNT = 400;
/** 125 in a second. */
const INTERVAL_MS = 8;
/** How much longer D1 may wait for its answers: by half, and what another process on the machine may cost. */
const MOST_RATIO = 1.5;
const MACHINE_MS = 20;
/** As long as D1 waits, in microseconds. */
const UNANSWERED = 10_000_000;

// On SQLite one instance does it all.
describe.runIf(inject('engine') === 'postgres')('handlers that misbehave in a dispatcher of their own', () => {
  let database: TestDatabase;
  let view: DataSource;
  let receivers: Receiver[];
  let intake: GatewayProcess;
  let dispatcher: GatewayProcess;
  /** While this file exists, they do. */
  let misbehave: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    view = await openForInspection(database.env);
    receivers = await Promise.all([Receiver.start(), Receiver.start()]);
    misbehave = join(database.dataDir, 'misbehave');
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
    const settings = { WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8', HANDLER_TIMEOUT_MS: '500', ...env };
    return GatewayProcess.start(database, settings, provision, 'test/faults/misbehaving-gateway.mjs');
  }

  /** Is D1 at a constant rate: a slow answer does not keep the next call waiting. */
  async function notify(session: Session, latencyMicros: RecordableHistogram): Promise<void> {
    const onTry = (tried: HttpTry): void => latencyMicros.record(tried.answered ? tried.latencyMicros : UNANSWERED);
    const notifier = new Notifier(session.channel, { ...session, onTry });
    const calls: ReturnType<Notifier['notify']>[] = [];
    for await (const _ of setInterval(INTERVAL_MS)) {
      const target = TARGETS[calls.length % TARGETS.length];
      if (target) calls.push(notifier.notify(target));
      if (calls.length === COUNT) break;
    }
    const answers = await Promise.all(calls);
    expect(answers.filter(({ status, attempts }) => status !== 204 || attempts > 1)).toEqual([]);
  }

  const arrived = (): number[] =>
    receivers.map(({ received }) => new Set(received.map(({ event }) => event.data.notificationId)).size);

  function untilArrived(notifications: number): Promise<void> {
    const each = notifications / MERCHANTS.length;
    return expect.poll(arrived, { timeout: 120_000, interval: 100 }).toEqual([each, each]);
  }

  it('keep nothing from D1 and from the other merchants, and are named', { timeout: 240_000 }, async ({ annotate }) => {
    const session = openSession({ baseUrl: intake.url, credentials: CREDENTIALS }, 64, new AbortController().signal);
    const besideGood = createHistogram();
    const besideBad = createHistogram();
    // Code that has run for the first time is not counted.
    await notify(session, createHistogram());
    for (let turn = 1; turn <= TURNS; turn += 1) {
      await rm(misbehave, { force: true });
      await untilArrived((2 * turn - 1) * COUNT);
      await notify(session, besideGood);
      await untilArrived(2 * turn * COUNT);
      await writeFile(misbehave, '');
      await notify(session, besideBad);
    }
    await session.channel.close();

    const [goodMs, badMs] = [besideGood, besideBad].map((one) => one.percentile(99) / 1000) as [number, number];
    await annotate(`The intake's p99: ${goodMs} ms beside good handlers, ${badMs} ms beside bad ones`);
    expect(badMs).toBeLessThanOrEqual(goodMs * MOST_RATIO + MACHINE_MS);
    await untilArrived((2 * TURNS + 1) * COUNT);
    await dispatcher.untilLogged('rejected in a timer');

    const lines = dispatcher.stdout.split('\n');
    const heldUp = lines.filter((line) => line.includes('A handler held up the event loop'));
    expect(new Set(heldUp.map((line) => (JSON.parse(line) as { handler: string }).handler))).toEqual(
      new Set(['blocks']),
    );
    const stray = lines.find((line) => line.includes('rejected in a timer'));
    expect(JSON.parse(stray ?? '{}')).toMatchObject({ level: 'error', handler: 'rejects-in-timer' });
    const failing = `
      select distinct t.name, d.last_reason as reason from deliveries d join destinations t on t.id = d.destination_id
      where d.state = 'pending' and d.last_reason is not null order by t.name`;
    expect(await view.query(failing)).toEqual([
      { name: 'never-returns', reason: 'The handler did not settle in time' },
      { name: 'throws-async', reason: 'The handler failed: thrown later' },
      { name: 'throws-sync', reason: 'The handler failed: thrown at once' },
    ]);
    expect((await fetch(`${dispatcher.url}/health/live`)).status).toBe(200);
  });
});
