import { once } from 'node:events';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { send } from '../../support/http.js';
import { ADMIN, LIMITED, OTHER_GATEWAY, problem, READER, RegistryGateway } from '../../support/registry-gateway.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, notifyPath, TOKEN } from '../../support/test-gateway.js';

const SHOP = `/registry/merchant-gateways/${MERCHANT_GATEWAY}/merchants/${MERCHANT}`;
const IMPORT = `${SHOP}/tokens/import`;
const NDJSON = { 'content-type': 'application/x-ndjson' };
const CSV = { 'content-type': 'text/csv; charset=utf-8' };

let registry: RegistryGateway;
beforeEach(async () => {
  registry = await RegistryGateway.start();
});
afterEach(() => registry.close());

const report = (text: string): unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
const imported = async (body: string, headers: Record<string, string>): Promise<unknown[]> => {
  const answer = await registry.call('POST', IMPORT, { body, headers });
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('application/x-ndjson');
  return report(answer.body);
};
const tokens = async (): Promise<number> => (await registry.gateway.query('select id from tokens')).length;

describe('an import of tokens', () => {
  it('takes NDJSON, says which lines are bad, keeps the good ones, and changes nothing when done again', async () => {
    const long = `{"id":"${'x'.repeat(5000)}"}`;
    const body = [
      '{"id":"a-1"}',
      '',
      'nonsense',
      '{"id":"not an id"}',
      '{"no":1}',
      'null',
      long,
      '{"id":"a-2"}\r',
      '"a"',
      `{"id":"${TOKEN}"}`,
      '{"id":"a-3"}',
    ].join('\n');

    expect(await imported(body, NDJSON)).toEqual([
      { type: 'bad-line', line: 3, problem: 'is not JSON' },
      { type: 'bad-line', line: 4, problem: 'id is not in the expected format' },
      { type: 'bad-line', line: 5, problem: 'id is not in the expected format' },
      { type: 'bad-line', line: 6, problem: 'id is not in the expected format' },
      { type: 'bad-line', line: 7, problem: 'is longer than 4096 characters' },
      { type: 'bad-line', line: 9, problem: 'id is not in the expected format' },
      { type: 'done', lines: 10, registered: 3, known: 1, bad: 6 },
    ]);
    expect((await imported(body, NDJSON)).at(-1)).toEqual({ type: 'done', lines: 10, registered: 0, known: 4, bad: 6 });
    expect(await tokens()).toBe(5);
  });

  it('takes CSV, with or without a header', async () => {
    expect(await imported('\uFEFFid,note\na-1,"first, of ""all"""\n\n"not an id"\na"b,c\n a-2 ,x', CSV)).toEqual([
      { type: 'bad-line', line: 4, problem: 'id is not in the expected format' },
      { type: 'bad-line', line: 5, problem: 'is not CSV' },
      { type: 'done', lines: 4, registered: 2, known: 0, bad: 2 },
    ]);
    expect((await imported('a-3\r\na-4\r\n', CSV)).at(-1)).toMatchObject({ registered: 2 });
  });

  it.each([
    ['a quote that is left open', '"oops', 'is not CSV'],
    ['a quote in a later field that is left open', 'c-1,"oops', 'is not CSV'],
    ['what follows a quote', '"b"c', 'is not CSV'],
    ['a very long line', 'x'.repeat(9000), 'is longer than 4096 characters'],
  ])('keeps the good lines of CSV around %s', async (_what, bad, problem) => {
    expect(await imported(`a-1\n"a-2",note\n${bad}\nb-1\nb-2\n`, CSV)).toEqual([
      { type: 'bad-line', line: 3, problem },
      { type: 'done', lines: 5, registered: 4, known: 0, bad: 1 },
    ]);
    expect(
      (await registry.gateway.query("select id from tokens where id in ('a-1', 'a-2', 'b-1', 'b-2')")).length,
    ).toBe(4);
  });

  it.each([
    ['NDJSON', NDJSON, '\uFEFF{"id":"a-1"}\n{"id":"a-2"}\n'],
    ['CSV', CSV, '\uFEFFa-1\na-2\n'],
  ])('passes over a byte order mark before %s', async (_what, headers, body) => {
    expect(await imported(body, headers)).toEqual([{ type: 'done', lines: 2, registered: 2, known: 0, bad: 0 }]);
  });

  it('tells how far it has come while it is still being sent, and lets D1’s calls through', async () => {
    const headers = { ...(await registry.authorization(ADMIN)), ...NDJSON };
    const { hostname, port } = new URL(registry.gateway.url);
    const upload = request({ hostname, port, path: IMPORT, method: 'POST', headers });
    const ids = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, n) => `{"id":"bulk-${from + n}"}\n`).join('');
    upload.write(ids(0, 25_000));
    const [response] = (await once(upload, 'response')) as [NodeJS.ReadableStream];
    const lines = createInterface({ input: response })[Symbol.asyncIterator]();

    const first = JSON.parse((await lines.next()).value as string) as { type: string; registered: number };
    expect(first).toMatchObject({ type: 'progress', bad: 0 });
    expect(await tokens()).toBeGreaterThanOrEqual(first.registered);
    const call = await send(registry.gateway.url, notifyPath(undefined, undefined, 'bulk-0'), {
      headers: await registry.authorization(D1_CLIENT),
    });
    expect(call.status).toBe(204);

    upload.end(ids(25_000, 30_000));
    let last: unknown;
    for (let next = await lines.next(); !next.done; next = await lines.next()) last = JSON.parse(next.value);
    expect(last).toEqual({ type: 'done', lines: 30_000, registered: 30_000, known: 0, bad: 0 });
  });

  it('keeps what has come when the caller goes away', async () => {
    const headers = { ...(await registry.authorization(ADMIN)), ...NDJSON };
    const { hostname, port } = new URL(registry.gateway.url);
    const upload = request({ hostname, port, path: IMPORT, method: 'POST', headers });
    upload.on('error', () => {});
    upload.write(Array.from({ length: 25_000 }, (_, n) => `{"id":"bulk-${n}"}\n`).join(''));
    await expect.poll(tokens, { timeout: 10_000 }).toBeGreaterThan(10_000);

    upload.destroy();

    await expect
      .poll(async () => (await registry.call('GET', '/operations/audit?action=token.import')).json(), {
        timeout: 15_000,
      })
      .toMatchObject({ items: [{ action: 'token.import', after: { bad: 0 } }] });
  });

  it('takes longer than any other request may', async () => {
    await registry.close();
    registry = await RegistryGateway.start({ env: { REQUEST_TIMEOUT_MS: '1000' } });
    const headers = { ...(await registry.authorization(ADMIN)), ...NDJSON };
    const { hostname, port } = new URL(registry.gateway.url);
    const upload = request({ hostname, port, path: IMPORT, method: 'POST', headers });
    upload.write('{"id":"a-1"}\n');
    const [response] = (await once(upload, 'response')) as [NodeJS.ReadableStream];
    const startedMs = Date.now();
    // Node looks every second for requests that are late.
    await expect.poll(() => Date.now() - startedMs, { timeout: 5000, interval: 100 }).toBeGreaterThan(3200);

    upload.end('{"id":"a-2"}\n');

    const texts: string[] = [];
    for await (const line of createInterface({ input: response })) texts.push(line);
    expect(report(texts.join('\n'))).toEqual([{ type: 'done', lines: 2, registered: 2, known: 0, bad: 0 }]);
  });

  it('is one entry in the audit log, and what was unmatched goes out', async () => {
    const headers = await registry.authorization(D1_CLIENT);
    await send(registry.gateway.url, notifyPath(undefined, undefined, 'a-1'), { headers });

    await imported('{"id":"a-1"}\n{"id":"a-2"}\n', NDJSON);

    expect((await registry.call('GET', '/operations/audit?action=token.import')).json()).toMatchObject({
      items: [
        { action: 'token.import', target: `${SHOP}/tokens`, after: { lines: 2, registered: 2, known: 0, bad: 0 } },
      ],
    });
    await expect.poll(() => registry.gateway.query('select id from notifications')).toHaveLength(1);
  });

  it('is refused where it is no list of tokens, for no merchant, or not the caller’s to make', async () => {
    const refused = await registry.call('POST', IMPORT, {
      body: '[]',
      headers: { 'content-type': 'application/json' },
    });
    expect(refused.json()).toEqual(
      problem(400, 'Bad Request', 'Content-Type is neither application/x-ndjson nor text/csv'),
    );
    const nobody = await registry.call('POST', IMPORT.replace(MERCHANT, '10610029999'), { body: '', headers: NDJSON });
    expect(nobody.json()).toEqual(problem(404, 'Not Found', 'There is no such merchant'));
    const others = await registry.call('POST', IMPORT.replace(MERCHANT_GATEWAY, OTHER_GATEWAY), {
      body: '',
      headers: NDJSON,
      as: LIMITED,
    });
    expect(others.json()).toEqual(problem(404, 'Not Found', 'There is no such merchant gateway'));
    expect((await registry.call('POST', IMPORT, { body: '', headers: NDJSON, as: READER })).status).toBe(401);
  });
});
