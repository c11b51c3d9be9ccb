import { generateSigningSecret, isSigningSecret, SampleMerchant, type RefusedRequest } from '@gateway/sample-merchant';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventOf, post, type SentWebhook } from './webhooks.js';

let merchant: SampleMerchant;
let refused: RefusedRequest[];

beforeEach(async () => {
  refused = [];
  merchant = await SampleMerchant.start();
  merchant.on('refused', (request) => refused.push(request));
});
afterEach(() => merchant.stop());

describe('a webhook with a good signature', () => {
  it('gets 204 and is kept', async () => {
    const response = await post(merchant, { id: 'msg_1' });
    expect(response.status).toBe(204);
    expect(merchant.received).toEqual([
      {
        atMs: expect.any(Number),
        webhookId: 'msg_1',
        event: eventOf(),
        duplicate: false,
        outOfOrder: false,
        answer: 204,
      },
    ]);
  });

  it('is taken with the secret that the merchant was given', async () => {
    const secret = generateSigningSecret();
    const other = await SampleMerchant.start({ secret });
    expect((await post({ url: other.url, secret })).status).toBe(204);
    await other.stop();
  });

  it.each([
    ['no JSON', 'card-1 has changed', 'the body is not JSON'],
    ['no object', 'null', 'the body is no token.updated event'],
    ['another event', '{"type":"token.made","data":{}}', 'the body is no token.updated event'],
    ['an event without its fields', '{"type":"token.updated","data":{}}', 'the body is no token.updated event'],
  ])('gets 400 if it holds %s', async (_, body, reason) => {
    expect((await post(merchant, { body })).status).toBe(400);
    expect(refused).toEqual([{ atMs: expect.any(Number), answer: 400, reason }]);
  });
});

describe('a webhook with a bad signature', () => {
  const sixMinutesMs = 6 * 60 * 1000;

  it.each<[string, SentWebhook, string]>([
    ['made with another secret', { secret: generateSigningSecret() }, 'No matching signature found'],
    ['of another body', { tampered: '{}' }, 'No matching signature found'],
    ['made too long ago', { signedAt: new Date(Date.now() - sixMinutesMs) }, 'Message timestamp too old'],
    ['made in the future', { signedAt: new Date(Date.now() + sixMinutesMs) }, 'Message timestamp too new'],
  ])('%s gets 401 and is not kept', async (_, webhook, problem) => {
    expect((await post(merchant, webhook)).status).toBe(401);
    expect(merchant.received).toEqual([]);
    expect(refused).toEqual([{ atMs: expect.any(Number), answer: 401, reason: `signature: ${problem}` }]);
  });

  it('gets 401 if there is none at all', async () => {
    expect((await fetch(merchant.url, { method: 'POST', body: '{}' })).status).toBe(401);
  });

  it('does not count as the webhook it claims to be', async () => {
    await post(merchant, { id: 'msg_1', sequence: 9, tampered: '{}' });
    await post(merchant, { id: 'msg_1', sequence: 1 });
    expect(merchant.received).toMatchObject([{ duplicate: false, outOfOrder: false }]);
  });
});

describe('other requests', () => {
  it('get 405 unless they are POST', async () => {
    const response = await fetch(merchant.url);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('get 413 if they are too large', async () => {
    const response = await post(merchant, { body: ' '.repeat(300 * 1024) });
    expect(response.status).toBe(413);
    expect(refused).toMatchObject([{ answer: 413 }]);
  });
});

describe('a signing secret', () => {
  it('is made new each time', () => {
    expect(isSigningSecret(generateSigningSecret())).toBe(true);
    expect(generateSigningSecret()).not.toBe(generateSigningSecret());
  });

  it.each([[''], ['whsec_'], ['whsec_c2hvcnQ='], ['whsec_!!!'], ['whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']])(
    'is not %j',
    (text) => {
      expect(isSigningSecret(text)).toBe(false);
    },
  );
});
