import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { holdLock, type HeldLock } from '../../support/held-lock.js';
import { send } from '../../support/http.js';
import { openForInspection, createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { TestGateway } from '../../support/test-gateway.js';
import { accepted, unavailable } from './answers.js';
import { notifyAs, type Notify, type Seen } from './notify.js';
import { notification, NOTHING, records } from './records.js';

let database: TestDatabase;
let gateway: TestGateway;
let notify: Notify;
let lock: HeldLock;

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await gateway.close();
  await database.drop();
});

async function startGateway(env: Readonly<Record<string, string>> = {}): Promise<void> {
  gateway = await TestGateway.start({ database, env });
  notify = await notifyAs(gateway);
}

/** PostgreSQL by itself waits for ever; the gateway's statements for 10 s, which is long for a test. */
async function limitLockWaits(): Promise<void> {
  if (inject('engine') === 'sqlite') return;
  const inspection = await openForInspection(database.env);
  const [row] = await inspection.query<{ name: string }[]>('select current_database() as name');
  await inspection.query(`alter database ${row?.name} set lock_timeout = '500ms'`);
  await inspection.destroy();
}

/** Whatever was sent before has reached the gateway when this is answered. */
const roundTrip = (): Promise<unknown> => send(gateway.url, '/health/live', { method: 'GET' });

test('a lock that is released in time only delays the 204, and holds up nothing else', async () => {
  await startGateway();
  lock = await holdLock(gateway);
  let answered = false;
  const waiting = notify().finally(() => (answered = true));
  await roundTrip();
  await roundTrip();
  expect(answered).toBe(false);
  expect(await records(gateway)).toEqual(NOTHING);
  await lock.release();
  expect(await waiting).toEqual(accepted());
  expect(await records(gateway)).toEqual({ ...NOTHING, notifications: [notification(gateway)] });
});

test('a lock that is not: 503 with Retry-After, nothing is recorded, and afterwards it is as before', async () => {
  await limitLockWaits();
  await startGateway({ RETRY_AFTER_SECONDS: '7' });
  lock = await holdLock(gateway);
  const answers = await Promise.all([notify(), notify(), notify()]);
  await lock.release();
  expect(answers).toEqual([unavailable(7), unavailable(7), unavailable(7)]);
  expect(await records(gateway)).toEqual(NOTHING);
  expect(await notify()).toEqual(accepted());
  expect(await records(gateway)).toEqual({ ...NOTHING, notifications: [notification(gateway, { sequence: 1 })] });
});

test('more calls than may wait: 503 at once for those too many, 204 for the others', async () => {
  await startGateway({ INTAKE_QUEUE_LIMIT: '1' });
  // One waits, and as many as batches are written at the same time are held by the lock.
  const room = inject('engine') === 'sqlite' ? 2 : 5;
  const total = 30;
  lock = await holdLock(gateway);
  const refused: Seen[] = [];
  const calls = Array.from({ length: total }, async () => {
    const answer = await notify();
    if (answer.status === 503) refused.push(answer);
    return answer;
  });
  await expect.poll(() => refused.length, { interval: 5, timeout: 4000 }).toBeGreaterThanOrEqual(total - room);
  await lock.release();

  const answers = await Promise.all(calls);
  const taken = answers.filter(({ status }) => status === 204);
  expect(taken.length).toBeGreaterThan(0);
  expect(taken).toEqual(taken.map(() => accepted()));
  expect(refused).toEqual(refused.map(() => unavailable()));
  expect(taken.length + refused.length).toBe(total);
  const notifications = taken.map((_, index) => notification(gateway, { sequence: index + 1 }));
  expect(await records(gateway)).toEqual({ ...NOTHING, notifications });
  expect(await notify()).toEqual(accepted());
});

test('a database that stands still: 503 at once for what comes when the first have waited as long as they may', async () => {
  await startGateway({ INTAKE_BATCH_SIZE: '1', INTAKE_QUEUE_WAIT_MS: '50' });
  lock = await holdLock(gateway);
  const refused: Seen[] = [];
  const calls: Promise<Seen>[] = [];
  const call = async (): Promise<Seen> => {
    const answer = await notify();
    if (answer.status === 503) refused.push(answer);
    return answer;
  };
  // In less time than the database has until it is given up.
  const oneMore = (): number => {
    calls.push(call());
    return refused.length;
  };
  await expect.poll(oneMore, { interval: 10, timeout: 4000 }).toBeGreaterThan(0);
  await lock.release();

  const answers = await Promise.all(calls);
  expect(answers[0]).toEqual(accepted());
  expect(refused).toMatchObject(refused.map(() => unavailable()));
  const taken = answers.filter(({ status }) => status === 204);
  expect(taken).toEqual(taken.map(() => accepted()));
  expect(taken.length + refused.length).toBe(calls.length);
  const notifications = taken.map((_, index) => notification(gateway, { sequence: index + 1 }));
  expect(await records(gateway)).toEqual({ ...NOTHING, notifications });
  expect(await notify()).toEqual(accepted());
});
