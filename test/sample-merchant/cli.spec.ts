import { generateSigningSecret } from '@gateway/sample-merchant';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../libs/sample-merchant/src/cli/main.js';
import { post, type SentWebhook } from './webhooks.js';

const LISTENS = /listens at (\S+\/webhooks);/;
const SECRET = generateSigningSecret();

let stdout = '';
let stderr = '';
let onStderr: (() => void) | undefined;

beforeEach(() => {
  stdout = '';
  stderr = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => ((stdout += String(chunk)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    stderr += String(chunk);
    onStderr?.();
    return true;
  });
  vi.stubEnv('MERCHANT_WEBHOOK_SECRET', SECRET);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Runs the command, sends it the webhooks, and stops it. */
async function run(argv: readonly string[], webhooks: readonly SentWebhook[] = []): Promise<number> {
  const ctrlC = new AbortController();
  const listening = new Promise<string>((resolve) => {
    onStderr = () => {
      const url = LISTENS.exec(stderr)?.[1];
      if (url) resolve(url);
    };
  });
  const exitCode = main(['--port', '0', ...argv], ctrlC.signal);
  const url = await Promise.race([listening, exitCode.then(() => '')]);
  for (const webhook of url ? webhooks : []) await post({ url, secret: SECRET }, webhook);
  ctrlC.abort();
  return exitCode;
}

function lines(): string[] {
  return stdout.trimEnd().split('\n');
}

describe('npm run merchant', () => {
  it('prints a line for each webhook, and a summary in the end', async () => {
    const webhooks = [
      { id: 'msg_1', sequence: 1 },
      { id: 'msg_3', sequence: 3 },
      { id: 'msg_1', sequence: 1 },
      { tampered: '{}' },
    ];
    expect(await run([], webhooks)).toBe(0);
    const times = /^\d\d:\d\d:\d\d\.\d{3} {3}/;
    expect(lines().map((line) => line.replace(times, ''))).toEqual([
      'time (UTC)     answer  sequence  merchant     token                                 correlation id',
      '204     #1        10610027312  card-1                                correlation-1',
      '204     #3        10610027312  card-1                                correlation-1',
      '204     #1        10610027312  card-1                                correlation-1                         duplicate, out of order',
      '401     refused: signature: No matching signature found',
      '',
      '3 webhooks, 2 different',
      '',
      '       3  answered 204',
      '       1  duplicates',
      '       1  out of order',
      '',
      'Refused:',
      '',
      '       1  401 signature: No matching signature found',
    ]);
  });

  it('prints JSON lines and nothing else', async () => {
    await run(['--json', '--behave', 'fail'], [{ id: 'msg_1', tokenId: 'card-7', sequence: 4 }, { tampered: '{}' }]);
    expect(lines().map((line): unknown => JSON.parse(line))).toEqual([
      expect.objectContaining({
        type: 'webhook',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        answer: 500,
        webhookId: 'msg_1',
        merchantId: '10610027312',
        tokenId: 'card-7',
        sequence: 4,
        correlationId: 'correlation-1',
        duplicate: false,
        outOfOrder: false,
      }),
      expect.objectContaining({ type: 'refused', answer: 401, reason: 'signature: No matching signature found' }),
      {
        type: 'summary',
        webhooks: 1,
        different: 1,
        duplicates: 0,
        outOfOrder: 0,
        answers: { 500: 1 },
        refused: { '401 signature: No matching signature found': 1 },
      },
    ]);
  });

  it('behaves as it is told', async () => {
    await run(['--behave', 'throttle', '--every', '2', '--json'], [{}, {}, {}]);
    expect(stderr).toContain('behaves: throttle, every 2nd webhook');
    expect(lines().map((line) => (JSON.parse(line) as { answer?: number }).answer)).toEqual([204, 429, 204, undefined]);
  });

  it('makes a secret if it is given none, and says what the gateway needs', async () => {
    vi.stubEnv('MERCHANT_WEBHOOK_SECRET', '');
    expect(await run([])).toBe(0);
    const snippet = /^ {2}(\{.*\})$/m.exec(stderr)?.[1] ?? '';
    expect(JSON.parse(snippet)).toEqual({
      name: 'main',
      kind: 'webhook',
      url: LISTENS.exec(stderr)?.[1],
      secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/),
    });
    expect(stderr).toContain('WEBHOOK_ALLOWED_NETWORKS=127.0.0.0/8');
  });

  it('never prints a secret that it is given', async () => {
    await run([]);
    await run(['--secret', `${SECRET}x`]);
    expect(stdout + stderr).not.toContain(SECRET);
  });

  it.each([
    [['--secret', 'whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']],
    [['--port', '65536']],
    [['--behave', 'badly']],
    [['--every', '0']],
    [['--nonsense']],
  ])('exits with 2 on %j', async (argv) => {
    expect(await run(argv)).toBe(2);
    expect(stderr).not.toBe('');
  });
});
