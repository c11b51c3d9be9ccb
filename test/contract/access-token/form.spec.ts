import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestGateway } from '../../support/test-gateway.js';
import { askRaw } from './raw-token-call.js';
import { askForToken, badRequest, FORM, GRANT, granted, HEADERS, seen, TOKEN_PATH } from './token-call.js';

const NOT_A_FORM = badRequest(`Content-Type is not ${FORM}`);
const NO_GRANT_TYPE = badRequest('grant_type is missing');
const OTHER_GRANT = badRequest('grant_type is not client_credentials', 'unsupported_grant_type');
const TOO_LARGE = badRequest('the form is too large');
const MAX_FORM_BYTES = 16 * 1024;

const CORRELATED = `x-correlation-id: ${HEADERS['x-correlation-id']}`;
const CHUNKED = 'transfer-encoding: chunked';
const LAST_CHUNK = '0\r\n\r\n';

const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const padded = (bytes: number): string => `${GRANT}&pad=`.padEnd(bytes, 'x');

describe('the form of a token request', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await TestGateway.start();
  });
  afterAll(() => gateway.close());

  it.each([
    ['with a charset', `${FORM};charset=UTF-8`],
    ['with a charset, spaced and quoted', `${FORM} ; charset="utf-8"`],
    ['with a parameter nobody knows', `${FORM}; x=y`],
    ['in another case', 'Application/X-WWW-Form-Urlencoded'],
  ])('is read by its content type %s', async (_name, contentType) => {
    expect(seen(await askForToken(gateway, { contentType }))).toEqual(granted());
  });

  it.each([
    ['JSON', 'application/json', JSON.stringify({ grant_type: 'client_credentials' })],
    ['a form that says it is JSON', 'application/json', GRANT],
    ['a form that says it is text', 'text/plain', GRANT],
    ['multipart', 'multipart/form-data; boundary=x', `--x\r\ncontent-disposition: form-data; name="grant_type"`],
    ['a content type that only begins like it', `${FORM}-too`, GRANT],
    ['a content type that is none', 'form', GRANT],
    ['a content type of garbage', '/;=,', GRANT],
    ['an empty content type', '', GRANT],
    ['no content type', null, GRANT],
    ['no content type, no body', null, ''],
  ])('is refused: %s', async (_name, contentType, form) => {
    expect(seen(await askForToken(gateway, { contentType, form }))).toEqual(NOT_A_FORM);
  });

  it.each([
    ['unknown parameters', `x=1&${GRANT}&audience=https%3A%2F%2Fexample.com`, granted()],
    ['unknown parameters, repeated', `x=1&x=2&${GRANT}&x=3`, granted()],
    ['unknown parameters that name object internals', `__proto__=1&${GRANT}&constructor=2&toString=3`, granted()],
    [
      'parameters in brackets, which are other parameters',
      `${GRANT}&scope[]=nonsense&grant_type[]=password`,
      granted(),
    ],
    ['a name in another case, which is another parameter', `${GRANT}&Scope=nonsense`, granted()],
    ['empty pieces between ampersands', `&&${GRANT}&&`, granted()],
    ['an empty unknown parameter', `${GRANT}&x&y=`, granted()],
    ['an empty scope, which counts as omitted', `${GRANT}&scope=`, granted()],
    ['a scope without a value, which counts as omitted', `${GRANT}&scope`, granted()],
    ['a percent-encoded name and value', 'grant%5Ftype=client%5Fcredentials', granted()],
    ['broken percent-encoding in what is unknown', `${GRANT}&x=%ZZ%`, granted()],
    ['credentials in the body, which is not where they are read', `${GRANT}&client_id=x&client_secret=y`, granted()],
  ])('may hold %s', async (_name, form, answer) => {
    expect(seen(await askForToken(gateway, { form }))).toEqual(answer);
  });

  it.each([
    ['nothing', '', NO_GRANT_TYPE],
    ['only what is unknown', 'x=1', NO_GRANT_TYPE],
    ['an empty grant_type, which counts as omitted', 'grant_type=&scope=d1:notify', NO_GRANT_TYPE],
    ['a grant_type without a value', 'grant_type', NO_GRANT_TYPE],
    ['a question mark before it, which is part of the name', `?${GRANT}`, NO_GRANT_TYPE],
    ['grant_type in another case', 'GRANT_TYPE=client_credentials', NO_GRANT_TYPE],
    ['grant_type twice, the same', `${GRANT}&${GRANT}`, badRequest('grant_type is repeated')],
    ['grant_type twice, the good one first', `${GRANT}&grant_type=password`, badRequest('grant_type is repeated')],
    ['grant_type twice, the good one last', `grant_type=password&${GRANT}`, badRequest('grant_type is repeated')],
    ['grant_type twice, once encoded', `${GRANT}&grant%5Ftype=x`, badRequest('grant_type is repeated')],
    ['scope twice', `${GRANT}&scope=d1:notify&scope=d1:notify`, badRequest('scope is repeated')],
    ['another grant', 'grant_type=password', OTHER_GRANT],
    ['a refresh token', 'grant_type=refresh_token&refresh_token=x', OTHER_GRANT],
    ['a person’s password', 'grant_type=password&username=x&password=y', OTHER_GRANT],
    ['the grant in another case', 'grant_type=Client_Credentials', OTHER_GRANT],
    ['the grant with a space', 'grant_type=client_credentials+', OTHER_GRANT],
    ['the grant with NUL', 'grant_type=client_credentials%00', OTHER_GRANT],
    ['broken percent-encoding', 'grant_type=client%credentials', OTHER_GRANT],
    ['two faults, of which the first is told', 'scope=nonsense', NO_GRANT_TYPE],
    ['bytes that are no UTF-8', Buffer.from(`${GRANT}&x=\xFF`, 'latin1'), badRequest('the form is not UTF-8')],
  ])('is refused with %s', async (_name, form, answer) => {
    expect(seen(await askForToken(gateway, { form }))).toEqual(answer);
  });

  it('is not read from the query string', async () => {
    expect(seen(await askForToken(gateway, { path: `${TOKEN_PATH}?${GRANT}`, form: '' }))).toEqual(NO_GRANT_TYPE);
  });

  it.each(['grant_type=password', 'scope=nonsense', '%ZZ', `?${GRANT}&scope`])(
    'is not changed by the query string %s',
    async (query) => {
      expect(seen(await askForToken(gateway, { path: `${TOKEN_PATH}?${query}` }))).toEqual(granted());
    },
  );

  it('may be as large as 16 KiB and no larger', async () => {
    expect(seen(await askForToken(gateway, { form: padded(MAX_FORM_BYTES) }))).toEqual(granted());
    expect(seen(await askForToken(gateway, { form: padded(MAX_FORM_BYTES + 1) }))).toEqual(TOO_LARGE);
  });

  it('is refused by its length alone, however large', async () => {
    expect(seen(await askForToken(gateway, { form: padded(1024 * 1024) }))).toEqual(TOO_LARGE);
    const neverSent = { headers: ['content-length: 1000000000000', CORRELATED], body: '' };
    expect(seen(await askRaw(gateway, neverSent))).toEqual(TOO_LARGE);
  });

  it('may come in chunks', async () => {
    const body = `${chunk(GRANT.slice(0, 5))}${chunk(GRANT.slice(5))}${LAST_CHUNK}`;
    expect(seen(await askRaw(gateway, { headers: [CHUNKED, CORRELATED], body }))).toEqual(granted());
    const large = chunk(padded(MAX_FORM_BYTES)) + LAST_CHUNK;
    expect(seen(await askRaw(gateway, { headers: [CHUNKED, CORRELATED], body: large }))).toEqual(granted());
  });

  it('is refused as soon as its chunks are too many', async () => {
    const endless = chunk(padded(MAX_FORM_BYTES)) + chunk('x');
    expect(seen(await askRaw(gateway, { headers: [CHUNKED, CORRELATED], body: endless }))).toEqual(TOO_LARGE);
  });
});
