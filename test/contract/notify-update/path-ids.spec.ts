import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { notifyPath, TestGateway } from '../../support/test-gateway.js';
import { offPattern, UNKNOWN_MERCHANT, UNKNOWN_TOKEN } from './answers.js';
import { notifyAs, type Notify, type NotifyCall } from './notify.js';
import { forgetRecords, NOTHING, records } from './records.js';

let gateway: TestGateway;
let notify: Notify;

beforeAll(async () => {
  gateway = await TestGateway.start();
  notify = await notifyAs(gateway);
});
afterEach(() => forgetRecords(gateway));
afterAll(() => gateway.close());

/** Longest value of each id; the shortest is as long, but for the token's: 1. */
const IDS = [
  ['merchantGatewayId', 10],
  ['merchantId', 11],
  ['tokenId', 48],
] as const;

/** In place of one character of an id that is otherwise right. */
const FORBIDDEN = [
  ['an asterisk', '*'],
  ['a dot', '.'],
  ['a plus', '+'],
  ['a tilde', '~'],
  ['a colon', ':'],
  ['a semicolon', ';'],
  ['an at sign', '@'],
  ['a space', '%20'],
  ['a line break at its end', '%0A'],
  ['a slash, %2F', '%2F'],
  ['a slash, %2f', '%2f'],
  ['a backslash', '%5C'],
  ['a question mark', '%3F'],
  ['a hash', '%23'],
  ['a percent sign', '%25'],
  ['a percent sign that would decode further', '%2541'],
  ['NUL', '%00'],
  ['a letter with an accent', '%C3%A9'],
  ['a digit of another script', '%D9%A3'],
  ['broken percent-encoding', '%ZZ'],
  ['a percent sign before one digit', '%4'],
  ['a lone percent sign', '%'],
  ['a byte that is no UTF-8', '%FF'],
  ['half a character of UTF-8', '%C3'],
] as const;

describe.each(IDS)('400 for the %s', (field, longest) => {
  test.each([...FORBIDDEN])('with %s in it, and nothing is recorded', async (_, character) => {
    const id = 'a'.repeat(longest - 1) + character;
    expect(await notify({ [field]: id })).toEqual(offPattern(field));
    expect(await notify({ [field]: character })).toEqual(offPattern(field));
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test.each([
    ['one character too long', 'a'.repeat(longest + 1)],
    ['10,000 characters long', 'a'.repeat(10_000)],
    ['10,000 characters long and percent-encoded', '%41'.repeat(3333)],
    ['empty', ''],
    ['a dot', '.'],
    ['two dots', '..'],
    ['a parameter of a route', `:${field}`],
  ])('that is %s, and nothing is recorded', async (_, id) => {
    expect(await notify({ [field]: id })).toEqual(offPattern(field));
    expect(await records(gateway)).toEqual(NOTHING);
  });

  test.runIf(field !== 'tokenId')('that is one character too short', async () => {
    expect(await notify({ [field]: 'a'.repeat(longest - 1) })).toEqual(offPattern(field));
    expect(await records(gateway)).toEqual(NOTHING);
  });
});

describe('400 for several ids at once names the first', () => {
  test.each<[string, NotifyCall, string]>([
    ['all are empty', { merchantGatewayId: '', merchantId: '', tokenId: '' }, 'merchantGatewayId'],
    ['two are empty', { merchantId: '', tokenId: '' }, 'merchantId'],
    ['one is empty, a later one broken', { merchantGatewayId: '', merchantId: '%ZZ' }, 'merchantGatewayId'],
    ['one is broken, a later one empty', { merchantId: '%', tokenId: '' }, 'merchantId'],
    ['one is empty, and a later one has a slash', { merchantId: '', tokenId: 'a%2Fb' }, 'merchantId'],
    ['one is broken, the others encoded', { merchantGatewayId: 'MGW%5F000001', merchantId: '%FF' }, 'merchantId'],
  ])('%s', async (_, call, field) => {
    expect(await notify(call)).toEqual(offPattern(field));
    expect(await records(gateway)).toEqual(NOTHING);
  });
});

test.each(IDS)('the longest %s of all characters that are allowed is none to refuse', async (field, longest) => {
  for (const characters of ['ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz', '0123456789_-']) {
    const id = characters.repeat(3).slice(0, longest);
    expect(await notify({ [field]: id })).toEqual(field === 'tokenId' ? UNKNOWN_TOKEN : UNKNOWN_MERCHANT);
  }
});

test('the shortest token id is one character', async () => {
  for (const tokenId of ['a', 'Z', '0', '_', '-']) expect(await notify({ tokenId })).toEqual(UNKNOWN_TOKEN);
});

test('ids are told apart by case', async () => {
  expect(await notify({ merchantGatewayId: 'mgw_000001' })).toEqual(UNKNOWN_MERCHANT);
  expect(await notify({ path: notifyPath().replace('01fb', '01FB') })).toEqual(UNKNOWN_TOKEN);
});
