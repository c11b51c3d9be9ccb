import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { D1Client, type D1ClientOptions } from '@gateway/d1-client';
import { FakeD1, json, lost, type Respond } from './fake-d1.js';

const GET = { method: 'GET', path: '/state' } as const;
const POST = { method: 'POST', path: '/state', body: { state: 'SUSPENDED' } } as const;
const good = json(200, { state: 'ACTIVE' });
const hangs: Respond = () => {};

let d1: FakeD1;
const clients: D1Client[] = [];
beforeAll(async () => {
  d1 = await FakeD1.start();
});
afterAll(() => d1.stop());
beforeEach(() => d1.reset());
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

function make(more: Partial<D1ClientOptions> = {}): D1Client {
  const client = new D1Client(d1.options(more));
  clients.push(client);
  return client;
}

describe('a call', () => {
  it('returns the answer', async () => {
    const response = await make().request({ ...POST, headers: { 'x-correlation-id': 'a' } });

    expect(response.status).toBe(200);
    expect(response.json()).toEqual({ state: 'ACTIVE' });
    expect(d1.calls).toEqual([
      { method: 'POST', url: '/state', accessToken: 'access-token-1', body: '{"state":"SUSPENDED"}' },
    ]);
  });

  it.each([
    ['GET', 503, GET],
    ['GET', 429, GET],
    ['GET', 500, GET],
    ['GET', 502, GET],
    ['POST', 503, POST],
    ['POST', 429, POST],
  ])('%s is made again after a %i', async (_, status, request) => {
    d1.answers = [json(status, {}), good];

    expect((await make().request(request)).status).toBe(200);
    expect(d1.calls).toHaveLength(2);
    expect(d1.clock.waitsMs[0]).toBeLessThanOrEqual(200);
  });

  it.each([
    ['GET', 400, GET, 'refused'],
    ['GET', 403, GET, 'refused'],
    ['GET', 404, GET, 'refused'],
    ['GET', 302, GET, 'refused'],
    ['POST', 409, POST, 'refused'],
    ['POST', 500, POST, 'unavailable'],
  ])('%s is not made again after a %i', async (_, status, request, kind) => {
    d1.answers = [json(status, {}), good];

    await expect(make().request(request)).rejects.toMatchObject({ kind, status });
    expect(d1.calls).toHaveLength(1);
  });

  it('waits as long as D1 asks for', async () => {
    const date = new Date(d1.clock.nowMs() + 4000).toUTCString();
    d1.answers = [json(503, {}, { 'retry-after': '2' }), json(429, {}, { 'retry-after': date }), good];

    await make().request(GET);

    // The second is a date, to the second: 4 s from the start, of which 2 s have passed.
    expect(d1.clock.waitsMs).toEqual([2000, 1500]);
  });

  it('is given up where D1 asks for longer than it may wait, and says how long', async () => {
    d1.answers = [json(503, {}, { 'retry-after': '60' })];

    await expect(make().request(GET)).rejects.toMatchObject({ kind: 'unavailable', status: 503, retryAfterMs: 60_000 });
    expect(d1.calls).toHaveLength(1);
  });

  it('is given up after three tries', async () => {
    d1.answers = [json(503, {})];

    await expect(make().request(GET)).rejects.toThrow('GET /state at D1: 503 (tried 3 times)');
    expect(d1.calls).toHaveLength(3);
    expect(d1.clock.waitsMs[1]).toBeLessThanOrEqual(400);
  });

  it('whose connection is lost is made again, unless it may not be', async () => {
    const client = make();
    d1.answers = [lost, good];
    expect((await client.request(GET)).status).toBe(200);

    d1.answers = [lost, good];
    await expect(client.request(POST)).rejects.toMatchObject({ kind: 'unavailable' });
    d1.answers = [lost, good];
    expect((await client.request({ ...POST, isIdempotent: true })).status).toBe(200);
  });

  it('that D1 does not answer in time is given up', async () => {
    const client = make({ timeoutMs: 100 });
    await client.request(GET);
    d1.answers = [hangs];

    await expect(client.request(POST)).rejects.toThrow('POST /state at D1: no answer within 100 ms');
  });

  it('ends with its signal', async () => {
    const client = make();
    const abort = new AbortController();
    d1.answers = [() => abort.abort(new Error('deadline'))];

    await expect(client.request(GET, abort.signal)).rejects.toThrow('deadline');
    await expect(client.request(GET, abort.signal)).rejects.toThrow('deadline');
    expect(d1.calls).toHaveLength(1);
  });

  it('is not read beyond its limit, nor made again', async () => {
    d1.answers = [json(200, { state: 'x'.repeat(2000) }), good];

    await expect(make({ maxResponseBytes: 1000 }).request(GET)).rejects.toMatchObject({ kind: 'malformed' });
    expect(d1.calls).toHaveLength(1);
  });

  it('whose answer is no JSON says so when it is read as JSON', async () => {
    d1.answers = [(response) => void response.writeHead(200).end('<html>')];
    const response = await make().request(GET);

    expect(() => response.json()).toThrow('GET /state at D1: the answer is no JSON');
  });
});

describe('mutual TLS', () => {
  it('does not speak with a server of another CA', async () => {
    const client = make({ tls: d1.tlsFiles('right', d1.otherCa) });

    await expect(client.request(GET)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(d1.assertions).toEqual([]);
  });

  it.each(['stranger', 'selfSigned'] as const)('is refused by D1 with a certificate that is %s', async (who) => {
    await expect(make({ tls: d1.tlsFiles(who) }).request(GET)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(d1.assertions).toEqual([]);
  });
});

describe('a client', () => {
  it.each([
    ['plain http', { baseUrl: 'http://127.0.0.1' }, 'baseUrl'],
    ['an assertion for longer than D1 takes', { assertionTtlSeconds: 901 }, 'assertionTtlSeconds'],
    ['no time', { timeoutMs: 0 }, 'timeoutMs'],
  ])('is not made with %s', (_, options, named) => {
    expect(() => new D1Client(d1.options(options))).toThrow(named);
  });

  it('that is closed calls nobody', async () => {
    const client = make();
    await client.request(GET);
    await client.close();

    await expect(client.request(GET)).rejects.toThrow();
    expect(d1.calls).toHaveLength(1);
  });
});
