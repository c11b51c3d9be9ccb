import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MetricsServer } from '../../src/observability/metrics/metrics-server.js';
import { send } from '../support/http.js';
import { OperatedGateway } from '../support/operated-gateway.js';
import { answers, Receiver } from '../support/receiver.js';
import { basic, D1_CLIENT, MERCHANT, notifyPath, PROVISION, TestGateway } from '../support/test-gateway.js';

const NOTIFY_ROUTE = '/merchant-gateways/:merchantGatewayId/merchants/:merchantId/tokens/:tokenId/notify-update';

/** Lines such as `name{label="value"} 1`, in their order. */
function valuesOf(text: string, metric: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line.startsWith(metric));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

describe('metrics', () => {
  let receiver: Receiver;
  let operated: OperatedGateway;
  beforeEach(async () => {
    receiver = await Receiver.start();
    operated = await OperatedGateway.start(receiver);
  });
  afterEach(async () => {
    await operated.close();
    await receiver.close();
  });

  const scrape = async (): Promise<string> => (await send(operated.gateway.url, '/metrics', { method: 'GET' })).body;

  it('count what D1 sent and what became of it', async () => {
    await operated.notify('t-1');
    await operated.notify('t-2');
    const authorization = `Bearer ${await operated.gateway.accessToken(D1_CLIENT)}`;
    await send(operated.gateway.url, notifyPath(undefined, undefined, 'unknown'), { headers: { authorization } });
    await send(operated.gateway.url, notifyPath(undefined, '10610029999'), { headers: { authorization } });
    await send(operated.gateway.url, '/oauth2/token', {
      headers: { authorization: basic(D1_CLIENT, 'wrong'), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    });
    await operated.settled(2);

    const text = await scrape();

    expect(valuesOf(text, 'd1_gateway_notifications_total')).toEqual({
      'd1_gateway_notifications_total{result="accepted"}': 2,
      'd1_gateway_notifications_total{result="unknown_merchant"}': 1,
      'd1_gateway_notifications_total{result="unknown_token"}': 1,
      'd1_gateway_notifications_total{result="failed"}': 0,
      'd1_gateway_notifications_total{result="not_committed"}': 0,
    });
    expect(valuesOf(text, `d1_gateway_http_requests_total{method="POST",route="${NOTIFY_ROUTE}"`)).toEqual({
      [`d1_gateway_http_requests_total{method="POST",route="${NOTIFY_ROUTE}",status="204"}`]: 2,
      [`d1_gateway_http_requests_total{method="POST",route="${NOTIFY_ROUTE}",status="404"}`]: 2,
    });
    expect(valuesOf(text, 'd1_gateway_access_tokens_total')).toEqual({
      'd1_gateway_access_tokens_total{result="granted"}': 2,
      'd1_gateway_access_tokens_total{result="refused_401"}': 1,
    });
    expect(valuesOf(text, 'd1_gateway_intake_batch_size_sum')).toEqual({ d1_gateway_intake_batch_size_sum: 4 });
    expect(text).toContain('d1_gateway_intake_batch_size_bucket{le="+Inf"} 4');
    expect(text).toMatch(/d1_gateway_intake_commit_duration_seconds_sum 0\.\d+/);
  });

  it('count unmatched notifications that found their token', async () => {
    const authorization = `Bearer ${await operated.gateway.accessToken(D1_CLIENT)}`;
    await send(operated.gateway.url, notifyPath(undefined, undefined, 'late'), { headers: { authorization } });
    await operated.gateway.query(
      `insert into tokens (merchant_gateway_id, merchant_id, id, registered_at_ms)
       values ('MGW_000001', '${MERCHANT}', 'late', 0)`,
    );
    const { RegistrationEvents } = await import('../../src/registry/registration-events.js');
    operated.gateway.app.get(RegistrationEvents).emit('registered');
    await operated.settled(1);

    expect(await scrape()).toContain('d1_gateway_unmatched_resolved_total 1');
  });

  it('tell how long merchants waited for their updates', async () => {
    await operated.notify('t-1');
    await operated.settled(1);

    await expect.poll(scrape).toContain('d1_gateway_deliveries_ended_total{state="delivered"} 1');
    expect(await scrape()).toContain('d1_gateway_delivery_delay_seconds_count 1');
  });

  it('tell what is pending, by merchant, how old it is, and look again after a while only', async () => {
    receiver.respond = answers(500);
    await operated.notify('t-1');
    await operated.notify('t-2');
    await operated.attempted(2);
    operated.gateway.clock.advance(60_000);

    const labels = `{merchant_gateway="MGW_000001",merchant="${MERCHANT}"}`;
    const text = await scrape();
    expect(valuesOf(text, 'd1_gateway_deliveries_pending')).toEqual({ [`d1_gateway_deliveries_pending${labels}`]: 2 });
    expect(valuesOf(text, 'd1_gateway_deliveries_oldest')).toEqual({
      [`d1_gateway_deliveries_oldest_pending_age_seconds${labels}`]: 60,
    });

    receiver.respond = answers(204);
    await operated.later(1000);
    await operated.settled(2);
    expect(valuesOf(await scrape(), 'd1_gateway_deliveries_pending')).toEqual({
      [`d1_gateway_deliveries_pending${labels}`]: 2,
    });
    operated.gateway.clock.advance(15_000);
    expect(valuesOf(await scrape(), 'd1_gateway_deliveries_pending')).toEqual({});
  });

  it('name destinations whose breaker is open', async () => {
    receiver.respond = answers(500);
    for (let n = 0; n < 5; n += 1) await operated.notify('t-1');
    for (let n = 0; n < 5; n += 1) await operated.notify('t-2');
    for (let n = 0; n < 5; n += 1) await operated.notify('t-3');
    for (let round = 0; round < 20; round += 1) {
      await operated.later(10_000);
      if ((await scrape()).includes('{breaker="open"} 1')) break;
    }

    const text = await scrape();
    expect(valuesOf(text, 'd1_gateway_destinations')).toEqual({
      'd1_gateway_destinations{breaker="closed"}': 0,
      'd1_gateway_destinations{breaker="open"}': 1,
      'd1_gateway_destinations{breaker="half_open"}': 0,
    });
    expect(text).toContain(`d1_gateway_destination_breaker_open{merchant="${MERCHANT}",destination="main"} 1`);
  });

  it('are those that docs/metrics.md has', async () => {
    const told = [...(await scrape()).matchAll(/^# TYPE (d1_gateway_\w+)/gm)].map(([, name]) => name);
    const documented = [...readFileSync('docs/metrics.md', 'utf8').matchAll(/^\| `(d1_gateway_\w+)`/gm)];

    expect(new Set(told)).toEqual(new Set(documented.map(([, name]) => name)));
  });

  it('are the only ones that the dashboard and the alerts ask for', async () => {
    const told = new Set([...(await scrape()).matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));
    const asked = ['deploy/grafana/dashboard.json', 'deploy/prometheus/rules.yaml']
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\b(?:d1_gateway|nodejs|process)_\w+/g)])
      .map(([name]) => name.replace(/_(bucket|sum|count)$/, ''));

    expect(asked.filter((name) => !told.has(name))).toEqual([]);
  });

  it('are there while the database is away, but for what only it knows', async () => {
    await operated.gateway.dataSource.destroy();

    const text = await scrape();

    expect(text).toMatch(/d1_gateway_build_info\{version="\d+\.\d+\.\d+",node="v\d+\.\d+\.\d+",engine="\w+"\} 1/);
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    await operated.gateway.dataSource.initialize();
  });
});

describe('who gets metrics', () => {
  const provision = {
    ...PROVISION,
    clients: [
      { clientId: 'd1', clientSecret: 'd1-secret', scopes: ['d1:notify'], merchantGateways: [] },
      { clientId: 'monitoring', clientSecret: 'a-secret', scopes: ['gateway:read'], merchantGateways: [] },
    ],
  };
  const production = { NODE_ENV: 'production', PUBLIC_URL: 'http://gateway.example', MASTER_KEY: 'A'.repeat(43) };
  let gateway: TestGateway;
  afterEach(() => gateway.close());

  const get = (url: string, authorization?: string) =>
    send(url, '/metrics', { method: 'GET', headers: authorization === undefined ? {} : { authorization } });
  const accessToken = async (clientId: string, secret: string): Promise<string> => {
    const answer = await send(gateway.url, '/oauth2/token', {
      headers: { authorization: basic(clientId, secret), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    });
    return `Bearer ${answer.json<{ access_token: string }>().access_token}`;
  };

  it('outside production, everybody', async () => {
    gateway = await TestGateway.start();

    const answer = await get(gateway.url);

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('in production, whoever has the scope', async () => {
    gateway = await TestGateway.start({ provision, env: production });

    expect((await get(gateway.url)).json()).toMatchObject({ status: 401, title: 'Unauthorized' });
    expect((await get(gateway.url, await accessToken('d1', 'd1-secret'))).status).toBe(401);
    expect((await get(gateway.url, await accessToken('monitoring', 'a-secret'))).status).toBe(200);
  });

  it('with a port of their own, everybody there and nobody here', async () => {
    gateway = await TestGateway.start({ provision, env: { ...production, METRICS_PORT: '0' } });
    const own = `http://127.0.0.1:${gateway.app.get(MetricsServer).port}`;

    const answer = await get(own);

    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body).toContain('d1_gateway_build_info');
    expect((await get(gateway.url)).json()).toEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      detail: 'There is no such page',
    });
    expect((await send(own, '/', { method: 'GET' })).status).toBe(404);
    expect((await send(own, '/metrics')).status).toBe(405);
  });
});
