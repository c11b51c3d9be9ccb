import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { D1_CLIENT, TestGateway } from '../support/test-gateway.js';
import { Chromium, hasChromium } from './chromium.js';
import { keepScreenshot } from './screenshot.js';

/** Are tried last, in this order: they take away what the others are about. */
const LAST = [
  'deleteClientSecret',
  'deleteDestination',
  'deleteToken',
  'deleteMerchant',
  'deleteMerchantGateway',
] as const;

const EXAMPLE = JSON.parse(readFileSync('examples/provision.json', 'utf8')) as { clients: object[] };
/** Signing keys are for who operates all merchant gateways. */
const ADMIN = { clientId: 'admin', scopes: ['gateway:operate'], merchantGateways: ['*'] };

describe.skipIf(!hasChromium)('Swagger UI', { timeout: 240_000 }, () => {
  let gateway: TestGateway;
  let chromium: Chromium;
  beforeAll(async () => {
    gateway = await TestGateway.start({ provision: { ...EXAMPLE, clients: [...EXAMPLE.clients, ADMIN] } });
    chromium = await Chromium.start();
  }, 60_000);
  afterAll(async () => {
    await chromium.close();
    await gateway.close();
  });

  const authorize = async (page: Page, clientId: string, scope: string): Promise<void> => {
    await page.locator('.auth-wrapper button.authorize').first().click();
    const dialog = page.locator('.modal-ux');
    const oauth = dialog.locator('.auth-container').filter({ hasText: 'clientCredentials' });
    await oauth.getByLabel('client_id:').fill(clientId);
    await oauth.getByLabel('client_secret:').fill(gateway.secretOf(clientId));
    await oauth.locator(`label[for^="${scope}-"]`).click();
    await oauth.locator('button.authorize').click();
    await oauth.locator('button', { hasText: 'Logout' }).waitFor();
    await dialog.locator('button.btn-done').first().click();
  };
  const authorizeBasic = async (page: Page, clientId: string): Promise<void> => {
    await page.locator('.auth-wrapper button.authorize').first().click();
    const basic = page.locator('.modal-ux .auth-container').filter({ hasText: 'clientSecretBasic' });
    await basic.locator('input[name=username]').fill(clientId);
    await basic.locator('input[name=password]').fill(gateway.secretOf(clientId));
    await basic.locator('button.authorize').click();
    await page.locator('.modal-ux button.btn-done').first().click();
  };
  /** Tries an operation as it is filled in. */
  const execute = async (operation: Locator): Promise<string> => {
    if (!(await operation.getAttribute('class'))?.includes('is-open')) {
      await operation.locator('.opblock-summary-control').click();
    }
    await operation.getByRole('button', { name: 'Execute' }).click();
    const status = operation.locator('.live-responses-table tbody .response-col_status');
    await status.waitFor();
    return (await status.innerText()).split(/\s/)[0] ?? '';
  };
  const blockOf = (page: Page, operationId: string): Locator => page.locator(`.opblock[id$="-${operationId}"]`);

  it('authorizes as D1, and notifies', async () => {
    const page = await chromium.open(`${gateway.url}/docs`);
    await authorize(page, D1_CLIENT, 'd1:notify');
    const operation = blockOf(page, 'notifyTokenUpdate');

    expect(await execute(operation)).toBe('204');

    await operation.locator('.live-responses-table .response').first().scrollIntoViewIfNeeded();
    await keepScreenshot(page, 'docs-notify');
    expect(await gateway.query('select id from notifications')).toHaveLength(1);
    await page.close();
    expect(chromium.complaints).toEqual([]);
  });

  it('authorizes as an operator, and shows what was accepted', async () => {
    const page = await chromium.open(`${gateway.url}/docs`);
    await authorize(page, 'operator', 'gateway:operate');
    const operation = blockOf(page, 'listNotifications');

    expect(await execute(operation)).toBe('200');
    const body = await operation.locator('.live-responses-table .highlight-code').first().innerText();
    expect(body).toContain('01fb32ff-5ed0-497f-8835-6af0916f29c0');
    await page.close();
    expect(chromium.complaints).toEqual([]);
  });

  it('imports a token as it is filled in, whichever media type is chosen', async () => {
    const page = await chromium.open(`${gateway.url}/docs`);
    await authorize(page, 'operator', 'gateway:operate');
    const operation = blockOf(page, 'importTokens');
    await operation.locator('.opblock-summary-control').click();
    const report = operation.locator('.live-responses-table .highlight-code code').first();
    for (const mediaType of ['application/x-ndjson', 'text/csv']) {
      await operation.getByLabel('Request content type').selectOption(mediaType);

      expect(await execute(operation)).toBe('200');

      expect(JSON.parse(await report.innerText())).toEqual({ type: 'done', lines: 1, registered: 0, known: 1, bad: 0 });
      await operation.getByRole('button', { name: 'Clear' }).click();
    }
    await page.close();
    expect(chromium.complaints).toEqual([]);
  });

  it.each([
    { width: 1280, scheme: 'light' },
    { width: 1280, scheme: 'dark' },
    { width: 390, scheme: 'light' },
    { width: 390, scheme: 'dark' },
  ] as const)('shows an answer at $width px in $scheme, from the gateway alone', async ({ width, scheme }) => {
    const page = await chromium.open(`${gateway.url}/docs`, { width, scheme });
    await page.locator('.opblock').first().waitFor();
    const tags = await page.evaluate(
      "[...document.querySelectorAll('.opblock-tag-section h3')].map((h) => h.dataset.tag)",
    );
    expect(tags).toEqual(['access token', 'notifications', 'registry', 'operations', 'discovery', 'health']);
    await authorize(page, 'operator', 'gateway:operate');
    const operation = blockOf(page, 'listNotifications');
    expect(await execute(operation)).toBe('200');
    await operation.locator('.live-responses-table').getByText('is_tbank01').waitFor();

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    await operation.locator('.responses-wrapper').evaluate((responses) => responses.scrollIntoView());
    await keepScreenshot(page, `docs-${width}-${scheme}`);
    await page.close();
    expect(chromium.complaints).toEqual([]);
  });

  it('has every operation filled in, so that trying it gets an answer that is documented', async () => {
    const page = await chromium.open(`${gateway.url}/docs`);
    await authorize(page, 'admin', 'gateway:operate');
    await authorizeBasic(page, D1_CLIENT);
    const ids = await page.locator('.opblock').evaluateAll((all) => all.map(({ id }) => id.split('-').at(-1) ?? ''));
    const last: readonly string[] = LAST;
    const answers: Record<string, string> = {};
    for (const operationId of [...ids.filter((id) => !last.includes(id)), ...last]) {
      const operation = blockOf(page, operationId);
      answers[operationId] = await execute(operation);
      await operation.locator('.opblock-summary-control').click();
    }

    // What is made anew is 201; what needs the id of something that was there, 404; who is no D1, 401.
    const expected = {
      notifyTokenUpdate: '401',
      getDestination: '404',
      putDestination: '201',
      createClient: '201',
      addClientSecret: '201',
      rotateSigningKey: '201',
      getDelivery: '404',
      replayDelivery: '404',
      replayFailed: '404',
      pauseDestination: '404',
      resumeDestination: '404',
      deleteClientSecret: '404',
      deleteDestination: '204',
      deleteToken: '204',
      deleteMerchant: '204',
      deleteMerchantGateway: '204',
    };
    // Chromium complains of every 4xx.
    chromium.complaints.splice(0);
    const others = Object.fromEntries(ids.filter((id) => !(id in expected)).map((id) => [id, '200']));
    expect(answers).toEqual({ ...others, ...expected });
    const { paths } = (await (await fetch(`${gateway.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    expect(ids).toHaveLength(Object.values(paths).flatMap((methods) => Object.keys(methods)).length);
    await page.close();
  });
});
