import { afterEach, beforeEach, expect, it } from 'vitest';
import { Tracing } from '../../../src/observability/tracing/tracing.js';
import { send } from '../../support/http.js';
import { OperatedGateway } from '../../support/operated-gateway.js';
import { answers, Receiver } from '../../support/receiver.js';
import { D1_CLIENT, MERCHANT, MERCHANT_GATEWAY, notifyPath } from '../../support/test-gateway.js';
import { TraceCollector } from './trace-collector.js';

const NOTIFY = 'POST /merchant-gateways/:merchantGatewayId/merchants/:merchantId/tokens/:tokenId/notify-update';
const CALLERS_TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLERS_SPAN = '00f067aa0ba902b7';
/** A test card number, as a correlation id. */
const PAN = '4111111111111111';
const ERROR = 2;

let collector: TraceCollector;
let receiver: Receiver;
let operated: OperatedGateway | undefined;
beforeEach(async () => {
  collector = await TraceCollector.start();
  receiver = await Receiver.start();
});
afterEach(async () => {
  await operated?.close();
  operated = undefined;
  await receiver.close();
  await collector.close();
});

async function startTraced(env: Record<string, string> = {}): Promise<OperatedGateway> {
  const traced = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_EXPORTER_OTLP_HEADERS: 'x-key=top%20secret' };
  operated = await OperatedGateway.start(receiver, { env: { ...traced, ...env } });
  return operated;
}

/** All spans there will be: those of a gateway that has ended. */
async function end(): Promise<void> {
  await operated?.close();
  operated = undefined;
}

async function notify(tokenId: string, headers: Record<string, string> = {}): Promise<number> {
  const { gateway } = operated as OperatedGateway;
  const authorization = `Bearer ${await gateway.accessToken(D1_CLIENT)}`;
  const path = notifyPath(undefined, undefined, tokenId);
  return (await send(gateway.url, path, { headers: { authorization, ...headers } })).status;
}

it('traces a notification from D1’s call to the merchant', async () => {
  const { settled } = await startTraced().then((started) => ({ settled: started.settled(1) }));
  const traceparent = `00-${CALLERS_TRACE}-${CALLERS_SPAN}-01`;
  await notify('t-1', { 'x-correlation-id': 'ticket-42', traceparent });
  await settled;
  await end();

  const [request] = collector.named(NOTIFY);
  const [commit] = collector.named('intake commit');
  const [tried] = collector.named('deliver webhook');
  expect(request).toMatchObject({
    traceId: CALLERS_TRACE,
    parentSpanId: CALLERS_SPAN,
    attributes: {
      'http.request.method': 'POST',
      'http.response.status_code': 204,
      'd1.correlation_id': 'ticket-42',
      'd1.client_id': D1_CLIENT,
    },
  });
  expect(commit).toMatchObject({
    traceId: CALLERS_TRACE,
    parentSpanId: request?.spanId,
    attributes: { 'd1.intake.batch_size': 1 },
  });
  expect(tried).toMatchObject({
    traceId: CALLERS_TRACE,
    parentSpanId: request?.spanId,
    attributes: {
      'd1.correlation_id': 'ticket-42',
      'd1.attempt': 1,
      'd1.merchant_gateway_id': MERCHANT_GATEWAY,
      'd1.merchant_id': MERCHANT,
      'd1.destination.kind': 'webhook',
      'd1.destination.name': 'main',
      'd1.outcome': 'delivered',
      'http.response.status_code': 204,
    },
  });
  expect(receiver.received[0]?.headers.traceparent).toBe(`00-${CALLERS_TRACE}-${tried?.spanId}-01`);
  expect(collector.headers[0]).toMatchObject({ 'x-key': 'top secret' });
});

it('links a commit to every call that it was for', async () => {
  await startTraced();
  const calls = Array.from({ length: 20 }, (_, call) => notify('t-1', { 'x-correlation-id': `c-${call}` }));
  expect(new Set(await Promise.all(calls))).toEqual(new Set([204]));
  await end();

  const traces = collector.named(NOTIFY).map(({ traceId }) => traceId);
  const commits = collector.named('intake commit').flatMap(({ traceId, links = [] }) => [{ traceId }, ...links]);
  expect(new Set(traces).size).toBe(20);
  expect(commits.map(({ traceId }) => traceId).toSorted()).toEqual(traces.toSorted());
});

it('marks tries that fail, and each try is one', async () => {
  receiver.respond = answers(500, 204);
  const started = await startTraced();
  await notify('t-1', { 'x-correlation-id': 'c-1' });
  await started.attempted(1);
  await started.later(6000);
  await started.settled(1);
  await end();

  const tries = collector.named('deliver webhook');
  expect(tries.map(({ attributes, status }) => [attributes['d1.outcome'], status.code])).toEqual([
    ['retry', ERROR],
    ['delivered', 0],
  ]);
  expect(new Set(tries.map(({ traceId }) => traceId)).size).toBe(1);
});

it('tells no secret, no token, no payload and no card number', async () => {
  const started = await startTraced();
  const { gateway } = started;
  await notify('t-1', { 'x-correlation-id': PAN });
  await notify(PAN, { 'x-correlation-id': 'c-2' });
  await send(gateway.url, `/nowhere/${PAN}?secret=${PAN}`, { method: 'GET' });
  await started.settled(1);
  const hidden = [
    gateway.secretOf(D1_CLIENT),
    await gateway.accessToken(D1_CLIENT),
    PAN,
    't-1',
    receiver.url,
    'whsec_',
  ];
  await end();

  expect(collector.named(NOTIFY)).toHaveLength(2);
  expect(collector.named('GET')).toHaveLength(1);
  for (const text of hidden) expect(collector.bodies.join('\n')).not.toContain(text);
});

it('keeps as many as it is told, whatever callers ask for', async () => {
  const started = await startTraced({ OTEL_TRACES_SAMPLER_ARG: '0' });
  await notify('t-1', { traceparent: `00-${CALLERS_TRACE}-${CALLERS_SPAN}-01` });
  await started.settled(1);
  await end();

  expect(collector.spans).toEqual([]);
  expect(receiver.received[0]?.headers.traceparent).toMatch(new RegExp(`^00-${CALLERS_TRACE}-[0-9a-f]{16}-00$`));
});

it.each([
  ['is away', () => collector.close().then(async () => void (collector = await TraceCollector.start()))],
  ['does not answer', () => void (collector.answering = false)],
])('is not held up by a collector that %s', async (_how, fail) => {
  const started = await startTraced();
  await fail();
  const startedMs = performance.now();
  for (let call = 0; call < 50; call += 1) expect(await notify('t-1')).toBe(204);
  await started.settled(50);
  const servedMs = performance.now() - startedMs;
  await end();

  expect(servedMs).toBeLessThan(5000);
  // Three seconds are given to what is left.
  expect(performance.now() - startedMs - servedMs).toBeLessThan(6000);
  expect(collector.spans).toEqual([]);
});

it('is not there unless it is asked for', async () => {
  operated = await OperatedGateway.start(receiver);
  const settled = operated.settled(1);
  await notify('t-1');
  await settled;

  expect(operated.gateway.app.get<unknown>(Tracing)).toBeUndefined();
  expect(receiver.received[0]?.headers).not.toHaveProperty('traceparent');
});
