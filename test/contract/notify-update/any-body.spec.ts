// Whatever the body, the answer is one of the contract's.
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { notifyPath, TestGateway } from '../../support/test-gateway.js';
import { accepted } from './answers.js';
import { chunked, RUNS, statusOf, TIMEOUT_MS } from './any-input.js';
import { notifyAs, type Notify } from './notify.js';
import { records } from './records.js';
import { maskPanInJson } from '../../../src/privacy/mask-pan.js';

let gateway: TestGateway;
let notify: Notify;
let authorization: string;

beforeAll(async () => {
  gateway = await TestGateway.start();
  notify = await notifyAs(gateway);
  authorization = `Authorization: Bearer ${await gateway.accessToken()}`;
});
afterEach(async () => expect(await notify()).toEqual(accepted()));
afterAll(() => gateway.close());

const post = (path: string): string[] => [`POST ${path} HTTP/1.1`, 'Host: gateway'];

test(
  'any body: 204 where it is JSON or is not read, else 400; JSON is kept as it came, but for card numbers',
  async () => {
    const type = fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain', 'nonsense', null);
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json({ stringUnit: 'binary' }).map((json) => Buffer.from(json)),
      fc.json().map((json) => Buffer.from(json.slice(0, -1))),
      fc.integer({ min: 65_530, max: 65_540 }).map((bytes) => Buffer.from(`"${'x'.repeat(bytes - 2)}"`)),
    );
    let serial = 0;
    await fc.assert(
      fc.asyncProperty(type, body, fc.boolean(), async (type, body, inChunks) => {
        const correlationId = `body-${(serial += 1)}`;
        const framing = inChunks ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`;
        const head = [...post(notifyPath()), authorization, `x-correlation-id: ${correlationId}`, framing];
        if (type !== null) head.push(`Content-Type: ${type}`);
        const status = await statusOf(gateway.url, head, inChunks ? chunked(body) : body);
        const read = type?.startsWith('application/json') && body.length > 0;
        expect(status).toBe(read && !isJsonWithinLimit(body) ? 400 : 204);
        const row = (await records(gateway)).notifications.find((row) => row.correlation_id === correlationId);
        expect(row?.payload).toBe(
          status === 400 ? undefined : read ? maskPanInJson(Buffer.from(body).toString()) : null,
        );
        await gateway.query('delete from notifications');
      }),
      RUNS,
    );
  },
  TIMEOUT_MS,
);
function isJsonWithinLimit(body: Uint8Array): boolean {
  if (body.length > 64 * 1024) return false;
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
    return true;
  } catch {
    return false;
  }
}
