import { afterEach, describe, expect, it } from 'vitest';
import { basic, TestGateway, type TestGatewayOptions } from '../../support/test-gateway.js';
import { askForToken, badRequest, granted, INVALID_CLIENT, seen, UNAVAILABLE } from './token-call.js';

describe('asking for an access token while the database is away', () => {
  let gateway: TestGateway;
  const startWithoutDatabase = async (env: TestGatewayOptions['env'] = {}): Promise<void> => {
    gateway = await TestGateway.start({ env: { CLIENT_CACHE_SECONDS: '0', ...env } });
    await gateway.dataSource.destroy();
  };
  afterEach(() => gateway.close());

  it('is answered 503, which says nothing about the credentials', async () => {
    await startWithoutDatabase();
    expect(seen(await askForToken(gateway))).toEqual(UNAVAILABLE);
    expect(seen(await askForToken(gateway, { authorization: basic('nobody', 'wrong') }))).toEqual(UNAVAILABLE);
  });

  it('is answered with the configured time to wait', async () => {
    await startWithoutDatabase({ RETRY_AFTER_SECONDS: '42' });
    const headers = { ...UNAVAILABLE.headers, 'retry-after': '42' };
    expect(seen(await askForToken(gateway))).toEqual({ ...UNAVAILABLE, headers });
  });

  it('never counts as guessing', async () => {
    await startWithoutDatabase({ GUESS_LIMIT_PER_MINUTE: '1' });
    const authorization = basic('nobody', 'wrong');
    for (const _time of [1, 2, 3]) expect(seen(await askForToken(gateway, { authorization }))).toEqual(UNAVAILABLE);
    await gateway.dataSource.initialize();
    expect(seen(await askForToken(gateway, { authorization }))).toEqual(INVALID_CLIENT);
  });

  it('is still told what is wrong where no database is needed to know', async () => {
    await startWithoutDatabase();
    expect(seen(await askForToken(gateway, { authorization: null }))).toEqual(INVALID_CLIENT);
    const malformed = badRequest('Authorization is not base64');
    expect(seen(await askForToken(gateway, { authorization: 'Basic' }))).toEqual(malformed);
  });

  it('succeeds once it is back', async () => {
    await startWithoutDatabase();
    expect(seen(await askForToken(gateway))).toEqual(UNAVAILABLE);
    await gateway.dataSource.initialize();
    expect(seen(await askForToken(gateway))).toEqual(granted());
  });

  it('leaves the cause in the log, and only there', async () => {
    await startWithoutDatabase();
    await askForToken(gateway);
    const logged = gateway.logLines.map((line) => JSON.parse(line) as { error?: string; cause?: object });
    expect(logged.filter(({ error }) => error === 'Unavailable')).toEqual([
      expect.objectContaining({ status: 503, cause: expect.objectContaining({ stack: expect.any(String) as string }) }),
    ]);
  });
});
