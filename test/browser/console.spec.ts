import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { D1_CLIENT, MERCHANT, type TestGateway } from '../support/test-gateway.js';
import { Receiver } from '../support/receiver.js';
import { busyGateway, notify, OPERATOR, READER } from './busy-gateway.js';
import { Chromium, hasChromium, type Look } from './chromium.js';
import { keepScreenshot } from './screenshot.js';

/** Longer than the console rests between two looks. */
const WITHIN = { timeout: 20_000 };

describe.skipIf(!hasChromium)('the console', { timeout: 60_000 }, () => {
  let receiver: Receiver;
  let gateway: TestGateway;
  let chromium: Chromium;
  beforeAll(async () => {
    receiver = await Receiver.start();
    [gateway, chromium] = await Promise.all([busyGateway(receiver), Chromium.start()]);
  }, 120_000);
  afterAll(async () => {
    await chromium.close();
    await gateway.close();
    await receiver.close();
  });

  const signIn = async (page: Page, clientId = OPERATOR, secret = gateway.secretOf(clientId)): Promise<void> => {
    await page.getByLabel('Client id').fill(clientId);
    await page.getByLabel('Client secret').fill(secret);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const board = async (look?: Look, clientId = OPERATOR): Promise<Page> => {
    const page = await chromium.open(`${gateway.url}/console`, look);
    await signIn(page, clientId);
    await page.getByRole('heading', { name: 'At a glance' }).waitFor();
    return page;
  };
  const rowOf = (page: Page, region: string, text: string): ReturnType<Page['locator']> =>
    page.getByRole('region', { name: region }).getByRole('row').filter({ hasText: text });

  it('lets nobody in with a wrong secret, and not who may not operate', async () => {
    const page = await chromium.open(`${gateway.url}/console`);
    await signIn(page, OPERATOR, 'wrong');
    await expect.poll(() => page.getByRole('alert').textContent(), WITHIN).toContain('Client id or secret is wrong');
    await signIn(page, D1_CLIENT);
    await expect
      .poll(() => page.getByRole('alert').textContent(), WITHIN)
      .toBe('This client may not operate the gateway.');
    expect(await page.getByRole('heading', { name: 'At a glance' }).isVisible()).toBe(false);
    await page.close();
    // The browser tells of every 401.
    expect(chromium.complaints.splice(0).filter((complaint) => !complaint.includes('status of 401'))).toEqual([]);
  });

  it('shows merchants, destinations and what is unmatched, as text', async () => {
    const page = await board();

    await rowOf(page, 'Merchants', 'Example shop').waitFor();
    const broken = await rowOf(page, 'Merchants', 'Broken').innerText();
    expect(broken).toContain('Broken <b>receiver</b>');
    expect(broken).toMatch(/10610027314\s+1\s+5\d\.\d s\s+1$/);
    expect(await rowOf(page, 'Destinations', 'Slow & steady').innerText()).toMatch(/active\s+closed\s+0/);
    expect(await rowOf(page, 'Unmatched', 'new-token-30').innerText()).toContain('token');
    expect(await page.locator('#volume-chart canvas').count()).toBe(1);
    expect(await page.locator('#latency-summary').innerText()).toMatch(/^Half took at most \d+ ms, 95 % at most/);
    await page.close();
    expect(chromium.complaints).toEqual([]);
  });

  it('shows all to who may only read, and nothing to press that changes anything', async () => {
    const page = await board({}, READER);
    await rowOf(page, 'Destinations', 'Broken').waitFor();
    await page.getByLabel('State').selectOption('dead');
    await page.getByRole('button', { name: 'Find' }).click();
    await rowOf(page, 'Deliveries', 'dead').getByRole('button', { name: 'Timeline' }).click();
    await page.getByRole('region', { name: 'Timeline' }).getByText('Given up').waitFor();

    expect(await page.getByRole('columnheader', { name: 'Actions' }).count()).toBe(0);
    expect(await page.getByRole('button').evaluateAll((all) => all.map(({ textContent }) => textContent))).toEqual([
      'Sign out',
      'Find',
      'Show',
    ]);
    await page.close();
    expect(chromium.complaints).toEqual([]);
  });

  it('is read out as named regions, charts, tables and rows', async () => {
    const page = await board();
    await rowOf(page, 'Deliveries', 't-1').first().waitFor();

    const told = (await page.locator('#board').ariaSnapshot()).split('\n').map((line) => line.trim());
    expect(told.filter((line) => /^- (region|img|table) "/.test(line))).toEqual([
      '- region "At a glance":',
      '- region "Accepted and delivered per minute":',
      '- img "Accepted and delivered per minute":',
      '- region "From 204 to delivered":',
      '- img "From 204 to delivered":',
      '- region "Destinations":',
      '- table "Where updates go, as this instance sees it":',
      '- region "Merchants":',
      '- table "Deliveries that wait, and those given up":',
      '- region "Unmatched":',
      '- table "The newest of 3; they go out when merchant and token are registered":',
      '- region "Deliveries":',
      '- table "The newest that match, 20 at most":',
    ]);
    expect(told).toContain('- row "Example shop MGW_000001 10610027312 0 – 0":');
    expect(told).toContain(`- 'button "Pause: Slow & steady / main"': Pause`);
    expect(told).toEqual(expect.arrayContaining(['- search:', '- combobox "State":', '- button "Find"']));
    await page.close();
    expect(chromium.complaints).toEqual([]);
  });

  it.each([
    { width: 1280, scheme: 'light' },
    { width: 1280, scheme: 'dark' },
    { width: 390, scheme: 'light' },
    { width: 390, scheme: 'dark' },
  ] as const)('fits $width px in $scheme', async ({ width, scheme }) => {
    const page = await board({ width, scheme });
    await page.locator('#latency-chart canvas').waitFor();
    await rowOf(page, 'Deliveries', 't-1').first().waitFor();

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    // Nor is there anything to press that one would first have to scroll to the side for.
    const rightEdges = await page
      .getByRole('button')
      .evaluateAll((all) => all.map((button) => button.getBoundingClientRect().right));
    expect(Math.max(...rightEdges)).toBeLessThanOrEqual(width);
    await keepScreenshot(page, `console-${width}-${scheme}`, true);
    await page.close();
    expect(chromium.complaints).toEqual([]);
  });

  it('is live: what is accepted now shows without reloading', async () => {
    const page = await board();
    const accepted = (): Promise<string> => page.locator('#tiles .tile').first().locator('.value').innerText();
    const before = Number(await accepted());

    await notify(gateway, `Bearer ${await gateway.accessToken()}`, MERCHANT, 't-1');
    gateway.clock.advance(10_000);

    await expect.poll(async () => Number(await accepted()), WITHIN).toBe(before + 1);
    await page.close();
    expect(chromium.complaints).toEqual([]);
  });

  it('shows every attempt of a notification, and sends it again', async () => {
    const page = await board();
    await page.getByLabel('State').selectOption('dead');
    await page.getByRole('button', { name: 'Find' }).click();
    await rowOf(page, 'Deliveries', 'dead').getByRole('button').click();

    const timeline = page.getByRole('region', { name: 'Timeline of a notification' });
    const steps = (): Promise<string[]> => timeline.getByRole('listitem').allInnerTexts();
    await expect.poll(async () => (await steps()).length, WITHIN).toBe(5);
    expect((await steps()).map((step) => step.replaceAll(/\s+/g, ' '))).toEqual([
      expect.stringContaining('Accepted: D1 was answered 204'),
      expect.stringContaining('Try 1: retry · HTTP 503'),
      expect.stringContaining('Try 2: retry · HTTP 503'),
      expect.stringContaining('Try 3: retry · HTTP 503'),
      expect.stringContaining('Given up'),
    ]);
    await timeline.evaluate((element) => element.scrollIntoView());
    await keepScreenshot(page, 'console-timeline');

    await timeline.getByRole('button', { name: 'Replay' }).click();
    await expect.poll(() => page.getByRole('status').textContent(), WITHIN).toBe('The delivery is due again');
    await expect.poll(async () => (await steps())[4], WITHIN).toContain('Try 4: retry');
    await page.close();
    expect(chromium.complaints).toEqual([]);
  });

  it('pauses a destination after a question, and resumes it, by keyboard', async () => {
    const page = await board();
    const destination = rowOf(page, 'Destinations', 'Example shop');
    await destination.getByRole('button', { name: 'Pause' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => destination.innerText(), WITHIN).toContain('paused');

    await notify(gateway, `Bearer ${await gateway.accessToken()}`, MERCHANT, 't-3');
    expect(await gateway.query(`select id from destinations where paused_at_ms is not null`)).toHaveLength(1);

    await destination.getByRole('button', { name: 'Resume' }).focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => destination.innerText(), WITHIN).toMatch(/active/);
    await page.close();
    expect(chromium.complaints).toEqual([]);
  });

  it('keeps nothing: a reload signs out, and no cookie or storage is left', async () => {
    const page = await board();
    expect(await page.evaluate('[document.cookie, localStorage.length, sessionStorage.length]')).toEqual(['', 0, 0]);
    await page.reload();
    expect(await page.getByRole('heading', { name: 'Sign in' }).isVisible()).toBe(true);
    await page.close();
  });

  it('comes with a strict policy, which nothing on it violates', async () => {
    const answer = await fetch(`${gateway.url}/console`);
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; form-action 'self'; base-uri 'none'",
    );
    expect((await fetch(`${gateway.url}/console/../environment.ts`)).status).toBe(404);
    expect(chromium.complaints).toEqual([]);
  });
});
