import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const FRESH = 'coverage/screenshots';
/** What the documentation shows: written with `WRITE_SCREENSHOTS=1` only, small, and committed. */
const SHOWN = 'docs/screenshots';
const WEBP_QUALITY = 60;
const MOST_HEIGHT_PX = 1800;

/** Keeps what is seen. @param fullPage also what one would have to scroll to */
export async function keepScreenshot(page: Page, name: string, fullPage = false): Promise<void> {
  await page.screenshot({ path: join(FRESH, `${name}.png`), fullPage });
  if (process.env.WRITE_SCREENSHOTS === '1') await writeShown(page, name, fullPage);
}

/** Playwright itself writes no WebP, which is a third of a PNG. */
async function writeShown(page: Page, name: string, fullPage: boolean): Promise<void> {
  const chromium = await page.context().newCDPSession(page);
  const { cssContentSize: whole } = await chromium.send('Page.getLayoutMetrics');
  const { data } = await chromium.send('Page.captureScreenshot', {
    format: 'webp',
    quality: WEBP_QUALITY,
    ...(fullPage && {
      captureBeyondViewport: true,
      clip: { ...whole, height: Math.min(whole.height, MOST_HEIGHT_PX), scale: 1 },
    }),
  });
  await chromium.detach();
  await mkdir(SHOWN, { recursive: true });
  await writeFile(join(SHOWN, `${name}.webp`), Buffer.from(data, 'base64'));
}
