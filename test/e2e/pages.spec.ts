import { afterEach, describe, expect, it } from 'vitest';
import { send, type Answer } from '../support/http.js';
import { basic, D1_CLIENT, TestGateway } from '../support/test-gateway.js';

let gateway: TestGateway;
afterEach(() => gateway.close());

const get = (path: string, authorization?: string): Promise<Answer> =>
  send(gateway.url, path, { method: 'GET', headers: { ...(authorization && { authorization }) } });

const PAGES = ['/docs', '/docs/', '/docs/swagger-ui-init.js', '/docs/swagger-ui.css', '/openapi.json', '/openapi.yaml'];

describe('the documents, protected', () => {
  const start = async (limit = '30'): Promise<void> => {
    gateway = await TestGateway.start({ env: { DOCS: 'protected', GUESS_LIMIT_PER_MINUTE: limit } });
  };

  it('are shown to operators only, however the path is written', async () => {
    await start();
    const operator = basic('operator', gateway.secretOf('operator'));
    const d1 = basic(D1_CLIENT, gateway.secretOf(D1_CLIENT));
    for (const page of [...PAGES, '/%64ocs', '//docs', '/openapi%2Ejson']) {
      for (const credentials of [undefined, basic('operator', 'wrong'), d1, 'Bearer x']) {
        const refused = await get(page, credentials);
        expect([page, refused.status]).toEqual([page, 401]);
        expect(refused.headers['www-authenticate']).toBe('Basic realm="d1-merchant-gateway", charset="UTF-8"');
        expect(refused.headers['content-type']).toMatch(/^application\/problem\+json/);
      }
      expect([page, (await get(page, operator)).status]).toEqual([page, 200]);
    }
  });

  it('stop guessing, and let the right one in nevertheless', async () => {
    await start('2');
    const statuses = [];
    for (let guess = 0; guess < 4; guess += 1) statuses.push((await get('/docs', basic('operator', 'wrong'))).status);

    expect(statuses).toEqual([401, 401, 429, 429]);
    expect((await get('/docs', basic('operator', gateway.secretOf('operator')))).status).toBe(200);
  });
});

describe('pages for people', () => {
  const statuses = async (): Promise<number[]> => {
    const found = [];
    for (const page of [...PAGES, '/console', '/console/console.js']) found.push((await get(page)).status);
    return found;
  };

  it('are there outside production', async () => {
    gateway = await TestGateway.start();
    expect(new Set(await statuses())).toEqual(new Set([200]));
  });

  it('are not there in production', async () => {
    gateway = await TestGateway.start({ env: PRODUCTION, provision: {} });
    expect(new Set(await statuses())).toEqual(new Set([404]));
  });

  it('are there in production where that is asked for', async () => {
    gateway = await TestGateway.start({ env: { ...PRODUCTION, DOCS: 'open', CONSOLE: 'on' }, provision: {} });
    expect(new Set(await statuses())).toEqual(new Set([200]));
  });

  it('tell the console where the access token is to be had', async () => {
    gateway = await TestGateway.start({ env: { TOKEN_PATH: '/authz/token' } });
    expect((await get('/console')).body).toContain('<meta name="token-path" content="authz/token" />');
  });

  it('are not loaded again while they are the same', async () => {
    gateway = await TestGateway.start();
    const { etag } = (await get('/console/console.js')).headers;
    const again = await send(gateway.url, '/console/console.js', {
      method: 'GET',
      headers: { 'if-none-match': String(etag) },
    });
    expect([again.status, again.body]).toEqual([304, '']);
  });
});

const PRODUCTION = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://d1.example',
  MASTER_KEY: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8',
};
