import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestGateway } from '../../support/test-gateway.js';
import { accepted, badFormat } from './answers.js';
import { notifyAs, type Notify } from './notify.js';
import { forgetRecords, notification, NOTHING, records } from './records.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const IN_CHUNKS = { ...JSON_TYPE, 'transfer-encoding': 'chunked' };
const LIMIT = 64 * 1024;

let gateway: TestGateway;
let notify: Notify;

beforeAll(async () => {
  gateway = await TestGateway.start();
  notify = await notifyAs(gateway);
});
afterEach(() => forgetRecords(gateway));
afterAll(() => gateway.close());

async function expectKept(payload: string | null): Promise<void> {
  expect(await records(gateway)).toEqual({ ...NOTHING, notifications: [notification(gateway, { payload })] });
}

/** A JSON text of that many bytes, with blanks, escapes and all that a re-written one would lose. */
function jsonOf(bytes: number): string {
  const frame = (filling: string): string => ` { "b":1e2 ,"a": [ "\\u0041\\u0000é😀" ],"a":"${filling}"}\r\n`;
  return frame('x'.repeat(bytes - Buffer.byteLength(frame(''))));
}

describe('JSON is kept as it came, byte for byte', () => {
  test.each([
    ['an object', '{"reason":"renewed"}'],
    ['blanks, escapes, a key twice, an order of keys', jsonOf(200)],
    ['a list', '[]'],
    ['a text', '"text"'],
    ['a number that no double can hold', '12345678901234567890.123456789012345678901234567890'],
    ['null', 'null'],
    ['the __proto__ of an object', '{"__proto__":{"a":1},"constructor":{"prototype":{"b":2}}}'],
    ['half of a surrogate pair, escaped', '"\\ud83d"'],
    ['brackets 30,000 deep', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['exactly 64 KiB', jsonOf(LIMIT)],
  ])('%s', async (_, body) => {
    expect(await notify({ headers: JSON_TYPE, body })).toEqual(accepted());
    await expectKept(body);
    await forgetRecords(gateway);
    expect(await notify({ headers: IN_CHUNKS, body })).toEqual(accepted());
    await expectKept(body);
  });

  test.each(['application/json; charset=utf-8', 'Application/JSON', 'application/json;', 'application/json ; a=b'])(
    'with the content type "%s"',
    async (contentType) => {
      expect(await notify({ headers: { 'content-type': contentType }, body: '{"a":1}' })).toEqual(accepted());
      await expectKept('{"a":1}');
    },
  );
});

describe('400 for a body that says it is JSON and is not, and nothing is recorded', () => {
  test.each([
    ['it is cut off', '{"a":'],
    ['something is behind it', '{} {}'],
    ['single quotes', "{'a':1}"],
    ['a comma too many', '[1,]'],
    ['a comment', '{} // comment'],
    ['NaN', 'NaN'],
    ['a control character in a text', '"a\u0000b"'],
    ['a byte order mark (RFC 8259, section 8.1)', '\ufeff{}'],
    ['blanks alone', '   '],
    ['a form', 'a=b'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    ['UTF-8 of half a surrogate pair', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le')],
    ['gzip', Buffer.from('H4sIAAAAAAAAA6uuBQBDv6ajAgAAAA==', 'base64')],
  ])('%s', async (_, body) => {
    expect(await notify({ headers: JSON_TYPE, body })).toEqual(badFormat('body is not well-formed JSON'));
    expect(await notify({ headers: IN_CHUNKS, body })).toEqual(badFormat('body is not well-formed JSON'));
    expect(await records(gateway)).toEqual(NOTHING);
  });
});

describe('400 for JSON over 64 KiB, and nothing is recorded', () => {
  test.each([
    ['64 KiB and one byte', jsonOf(LIMIT + 1)],
    ['1 MiB', jsonOf(1024 * 1024)],
    ['1 MiB that is no JSON', Buffer.alloc(1024 * 1024)],
    ['64 KiB and one byte of characters of several bytes each', `"${'é'.repeat(LIMIT / 2)}"`],
  ])('%s', async (_, body) => {
    expect(await notify({ headers: JSON_TYPE, body })).toEqual(badFormat('body is larger than 65536 bytes'));
    expect(await notify({ headers: IN_CHUNKS, body })).toEqual(badFormat('body is larger than 65536 bytes'));
    expect(await records(gateway)).toEqual(NOTHING);
  });
});

describe('204 without a payload', () => {
  test.each([
    ['no body and no content type', {}, undefined],
    ['no body, but the content type of JSON', JSON_TYPE, undefined],
    ['a length of 0', { ...JSON_TYPE, 'content-length': '0' }, undefined],
    ['an empty body in chunks', IN_CHUNKS, ''],
    ['a body without a content type', {}, '{"a":1}'],
    ['an empty content type', { 'content-type': '' }, '{"a":1}'],
    ['a text', { 'content-type': 'text/plain' }, '{"a":1}'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=1'],
    ['a multipart form without a boundary', { 'content-type': 'multipart/form-data' }, 'a=1'],
    ['a type that is only related to JSON', { 'content-type': 'application/merge-patch+json' }, '{"a":1}'],
    ['a type that only begins like JSON', { 'content-type': 'application/json-seq' }, '{"a":1}'],
    ['a type that there is not', { 'content-type': 'application/x-unheard-of' }, '{"a":1}'],
    ['a content type of nonsense', { 'content-type': 'nonsense' }, '{"a":1}'],
    ['a content type of punctuation', { 'content-type': ';/;' }, '{"a":1}'],
    ['two content types', { 'content-type': 'application/json, text/plain' }, '{"a":1}'],
    ['1 MiB of another type', { 'content-type': 'application/octet-stream' }, Buffer.alloc(1024 * 1024)],
    ['1 MiB of another type in chunks', { 'transfer-encoding': 'chunked' }, Buffer.alloc(1024 * 1024)],
  ])('%s', async (_, headers, body) => {
    expect(await notify({ headers, ...(body !== undefined && { body }) })).toEqual(accepted());
    await expectKept(null);
  });
});
