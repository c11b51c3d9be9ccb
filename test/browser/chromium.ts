import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

/** Debian's; `CHROMIUM` names another one. */
const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const hasChromium = existsSync(EXECUTABLE);
if (!hasChromium && process.env.REQUIRE_CHROMIUM) throw new Error('No Chromium found, and REQUIRE_CHROMIUM is set');
if (!hasChromium) process.stderr.write(`No Chromium at ${EXECUTABLE}: what is tested in a browser does not run.\n`);

export interface Look {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
}

/** A real Chromium with a profile of its own; keeps all that its console, its policies and its network complain of. */
export class Chromium {
  /** Errors of scripts, violations of policies, requests that failed or left the gateway. */
  readonly complaints: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    private readonly profile: string,
  ) {}

  static async start(): Promise<Chromium> {
    const profile = await mkdtemp(join(tmpdir(), 'gateway-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: EXECUTABLE,
      headless: true,
      args: FLAGS,
    });
    return new Chromium(context, profile);
  }

  /** Opens a page of the gateway. */
  async open(url: string, { width = 1280, scheme = 'light' }: Look = {}): Promise<Page> {
    const page = await this.context.newPage();
    page.setDefaultTimeout(8000);
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    const { origin } = new URL(url);
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`script: ${error.message}`));
    page.on('requestfailed', (request) => this.complaints.push(`failed: ${request.url()}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith('data:'))
        this.complaints.push(`left the gateway: ${request.url()}`);
    });
    await page.goto(url);
    return page;
  }

  async close(): Promise<void> {
    await this.context.close();
    await rm(this.profile, { recursive: true, force: true });
  }
}
