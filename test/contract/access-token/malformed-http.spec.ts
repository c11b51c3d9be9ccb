import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { basic, D1_CLIENT, TestGateway } from '../../support/test-gateway.js';
import { askRaw, type RawTokenCall } from './raw-token-call.js';
import { askForToken, badRequest, GRANT, granted, HEADERS, seen, UUID } from './token-call.js';

/** There is no request yet to take a path or a correlation id from. */
const MALFORMED = {
  status: 400,
  headers: { ...HEADERS, 'x-correlation-id': expect.stringMatching(UUID) as string },
  body: { errorCode: 'FIELD_INVALID_FORMAT', error: 'The request is not well-formed HTTP' },
};

const LENGTH = `content-length: ${GRANT.length}`;
const CHUNKED = 'transfer-encoding: chunked';

describe('a token request that is hardly HTTP', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.close());

  it.each<[string, RawTokenCall]>([
    ['a method that does not exist', { method: 'FOO' }],
    ['headers of 20 kB', { headers: [LENGTH, `x: ${'x'.repeat(20_000)}`] }],
    ['credentials of 20 kB', { authorization: `Basic ${'x'.repeat(20_000)}` }],
    ['a URL of 20 kB', { target: `/oauth2/token?${'x'.repeat(20_000)}` }],
    ['no host', { withoutHost: true }],
    ['a space in the URL', { target: '/oauth2/token?a b' }],
    ['a header without a colon', { headers: [LENGTH, 'x'] }],
    ['a header with NUL', { headers: [LENGTH, 'x: \0'] }],
    ['a length that is no number', { headers: ['content-length: x'] }],
    ['a length below zero', { headers: ['content-length: -1'] }],
    ['two lengths', { headers: [LENGTH, 'content-length: 1'] }],
    ['both a length and chunks', { headers: [LENGTH, CHUNKED] }],
    ['a transfer encoding that nobody knows', { headers: ['transfer-encoding: rot13'] }],
    ['chunks that are none', { headers: [CHUNKED] }],
  ])('is answered 400: %s', async (_name, request) => {
    expect(seen(await askRaw(gateway, request))).toEqual(MALFORMED);
    expect(seen(await askForToken(gateway))).toEqual(granted());
  });

  it('may lack a body', async () => {
    const headers = [`x-correlation-id: ${HEADERS['x-correlation-id']}`];
    expect(seen(await askRaw(gateway, { headers, body: '' }))).toEqual(badRequest('grant_type is missing'));
  });

  it('may ask for leave to send its body (RFC 9110, section 10.1.1)', async () => {
    const answer = await askRaw(gateway, { headers: [LENGTH, 'expect: 100-continue'] });
    expect([answer.status, answer.body]).toEqual([100, expect.stringMatching(/^HTTP\/1\.1 200 /)]);
  });

  it('may expect what nobody knows', async () => {
    const headers = [LENGTH, 'expect: x', `x-correlation-id: ${HEADERS['x-correlation-id']}`];
    expect(seen(await askRaw(gateway, { headers }))).toEqual(granted());
  });

  it.each([
    ['closes', 'end'],
    ['resets', 'resetAndDestroy'],
  ] as const)('does no harm where its sender %s in the middle of the form', async (_name, leave) => {
    const { hostname, port } = new URL(gateway.url);
    for (const framing of [LENGTH, CHUNKED]) {
      const socket = connect(Number(port), hostname).on('error', () => {});
      await once(socket, 'connect');
      socket.write(
        `POST /oauth2/token HTTP/1.1\r\nhost: x\r\nauthorization: ${basic(D1_CLIENT, gateway.secretOf(D1_CLIENT))}\r\n`,
      );
      socket.write(`content-type: application/x-www-form-urlencoded\r\n${framing}\r\n\r\n`);
      socket.write('5\r\ng');
      socket.resume()[leave]();
      await once(socket, 'close');
      expect(seen(await askForToken(gateway))).toEqual(granted());
    }
  });
});
