import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestGateway } from '../../support/test-gateway.js';
import { accepted, badFormat, offPattern, UNKNOWN_TOKEN } from './answers.js';
import { MADE_UP, notify, notifyAs, type Notify } from './notify.js';
import { forgetRecords, notification, NOTHING, records, unmatched } from './records.js';

let gateway: TestGateway;
let notifyAsD1: Notify;

afterEach(() => forgetRecords(gateway));

describe('CORRELATION_ID=optional, the default', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start();
    notifyAsD1 = await notifyAs(gateway);
  });
  afterAll(() => gateway.close());

  test.each([
    ['one character', 'a'],
    ['64 characters', 'a'.repeat(64)],
    ['every character that is allowed', 'ABCXYZabcxyz0189_-'],
    ['spaces around it, which are none of it (RFC 9110, section 5.5)', '  a-b  '],
  ])('%s: echoed and kept', async (_, correlationId) => {
    expect(await notifyAsD1({ headers: { 'x-correlation-id': correlationId } })).toEqual(
      accepted(correlationId.trim()),
    );
    expect(await records(gateway)).toEqual({
      ...NOTHING,
      notifications: [notification(gateway, { correlation_id: correlationId.trim() })],
    });
  });

  test.each([
    ['65 characters', 'a'.repeat(65)],
    ['8,000 characters', 'a'.repeat(8000)],
    ['a space', 'a b'],
    ['nothing in it', ''],
    ['a dot', 'a.b'],
    ['braces', '{6e1d0f1c-7f0a-4f2e-9d59-0f6b3c1c2a11}'],
    ['percent-encoding', 'a%20b'],
    ['a byte that is no ASCII', 'caf\xe9'],
    ['a tab', 'a\tb'],
    ['two values in it', 'a, b'],
    ['a second header beside it', ['a', 'b']],
  ])('%s: 400, not repeated to the caller, and nothing is recorded', async (_, correlationId) => {
    const answer = await notifyAsD1({ headers: { 'x-correlation-id': correlationId } });
    expect(answer).toEqual(offPattern('x-correlation-id', MADE_UP));
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test('a malformed one is not repeated with another answer, either', async () => {
    const answer = await notify(gateway, { headers: { 'x-correlation-id': 'a b' } });
    expect(answer).toMatchObject({ status: 401, headers: { 'x-correlation-id': MADE_UP } });
  });

  test('one that is made up is kept with an unmatched call, too', async () => {
    const answer = await notifyAsD1({ tokenId: 'unknown', headers: { 'x-correlation-id': null } });
    expect(answer).toEqual({ ...UNKNOWN_TOKEN, headers: { ...UNKNOWN_TOKEN.headers, 'x-correlation-id': MADE_UP } });
    const echoed = (answer.headers as Record<string, string>)['x-correlation-id'];
    expect((await records(gateway)).unmatched).toEqual([
      unmatched(gateway, { token_id: 'unknown', correlation_id: echoed, reason: 'UNKNOWN_TOKEN' }),
    ]);
  });
});

describe('CORRELATION_ID=required', () => {
  beforeAll(async () => {
    gateway = await TestGateway.start({ env: { CORRELATION_ID: 'required' } });
    notifyAsD1 = await notifyAs(gateway);
  });
  afterAll(() => gateway.close());

  test('without one: 400, and nothing is recorded', async () => {
    const answer = await notifyAsD1({ headers: { 'x-correlation-id': null } });
    expect(answer).toEqual(badFormat('x-correlation-id is missing', MADE_UP));
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test('with one: 204', async () => {
    expect(await notifyAsD1()).toEqual(accepted());
  });
});
