import { once } from 'node:events';
import { SampleMerchant } from '@gateway/sample-merchant';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { post } from './webhooks.js';

let merchant: SampleMerchant;

beforeEach(async () => {
  merchant = await SampleMerchant.start();
});
afterEach(async () => {
  vi.useRealTimers();
  await merchant.stop();
});

async function statuses(count: number): Promise<number[]> {
  const all: number[] = [];
  for (let sent = 0; sent < count; sent++) all.push((await post(merchant)).status);
  return all;
}

describe('a merchant', () => {
  it.each([
    ['ok', 204],
    ['fail', 500],
    ['throttle', 429],
    ['gone', 410],
  ] as const)('that is told %s answers %d', async (kind, status) => {
    merchant.behaviour = { kind };
    expect(await statuses(1)).toEqual([status]);
    expect(merchant.received).toMatchObject([{ answer: status }]);
  });

  it('that throttles says when to come back', async () => {
    merchant.behaviour = { kind: 'throttle', retryAfterSeconds: 7 };
    expect((await post(merchant)).headers.get('retry-after')).toBe('7');
  });

  it('that hangs has the webhook and never answers', async () => {
    merchant.behaviour = { kind: 'hang' };
    const hungUp = new AbortController();
    const answer = post(merchant, {}, hungUp.signal).catch((error: Error) => error.name);
    await once(merchant, 'webhook');
    hungUp.abort();
    expect(await answer).toBe('AbortError');
    expect(merchant.received).toMatchObject([{ answer: undefined }]);
  });

  it('that is slow answers after its delay', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    merchant.behaviour = { kind: 'slow', delayMs: 60_000 };
    const answer = post(merchant);
    await once(merchant, 'webhook');
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(60_000);
    expect((await answer).status).toBe(204);
  });

  it('that misbehaves every third time answers 204 to the others', async () => {
    merchant.behaviour = { kind: 'fail', every: 3 };
    expect(await statuses(7)).toEqual([204, 204, 500, 204, 204, 500, 204]);
  });

  it('counts anew when it is told otherwise', async () => {
    merchant.behaviour = { kind: 'fail', every: 2 };
    expect(await statuses(1)).toEqual([204]);
    merchant.behaviour = { kind: 'gone', every: 2 };
    expect(await statuses(2)).toEqual([204, 410]);
    merchant.behaviour = { kind: 'ok' };
    expect(await statuses(1)).toEqual([204]);
  });

  it('that stops hangs up on those who wait', async () => {
    const other = await SampleMerchant.start({ behaviour: { kind: 'hang' } });
    const answer = post(other).catch((error: Error) => error.message);
    await once(other, 'webhook');
    await other.stop();
    expect(await answer).toBe('fetch failed');
  });

  it('tells that its port is taken', async () => {
    const port = Number(new URL(merchant.url).port);
    await expect(SampleMerchant.start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('a webhook that comes', () => {
  const told = (): unknown =>
    merchant.received.map(({ duplicate, outOfOrder }) => [
      ...(duplicate ? ['duplicate'] : []),
      ...(outOfOrder ? ['out of order'] : []),
    ]);

  it('again is a duplicate, by its webhook-id', async () => {
    await post(merchant, { id: 'msg_1' });
    await post(merchant, { id: 'msg_2' });
    await post(merchant, { id: 'msg_1' });
    expect(told()).toEqual([[], [], ['duplicate']]);
  });

  it('again after it failed is a duplicate, too', async () => {
    merchant.behaviour = { kind: 'fail' };
    await post(merchant, { id: 'msg_1' });
    merchant.behaviour = { kind: 'ok' };
    await post(merchant, { id: 'msg_1' });
    expect(merchant.received).toMatchObject([
      { answer: 500, duplicate: false },
      { answer: 204, duplicate: true },
    ]);
  });

  it('after a newer one of its token is out of order, by sequence', async () => {
    for (const sequence of [1, 3, 2, 4]) await post(merchant, { sequence });
    expect(told()).toEqual([[], [], ['out of order'], []]);
  });

  it('after a newer one of another token is not', async () => {
    await post(merchant, { tokenId: 'card-1', sequence: 5 });
    await post(merchant, { tokenId: 'card-2', sequence: 1 });
    expect(told()).toEqual([[], []]);
  });

  it('again after a newer one is both', async () => {
    await post(merchant, { id: 'msg_1', sequence: 1 });
    await post(merchant, { id: 'msg_2', sequence: 2 });
    await post(merchant, { id: 'msg_1', sequence: 1 });
    expect(told()).toEqual([[], [], ['duplicate', 'out of order']]);
  });
});
