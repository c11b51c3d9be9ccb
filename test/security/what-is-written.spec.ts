import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClientDirectory } from '../../src/auth/clients/client-directory.js';
import { SigningKeys } from '../../src/auth/keys/signing-keys.js';
import { loadConfig } from '../../src/config/load-config.js';
import { PinoLoggerService } from '../../src/observability/pino-logger.service.js';
import { MasterKey } from '../../src/secrets/master-key.js';
import { send, sendRaw } from '../support/http.js';
import { assertListed } from '../support/listed-fields.js';
import { basic, D1_CLIENT, notifyPath, TestGateway } from '../support/test-gateway.js';

const FORM = 'application/x-www-form-urlencoded';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start({ env: { LOG_LEVEL: 'trace' } });
});
afterAll(() => gateway.close());

describe('a line of the log holds no field that is not on the list', () => {
  it('whatever was sent and went wrong', async () => {
    const authorization = `Bearer ${await gateway.accessToken()}`;
    const headers = { authorization, 'user-agent': 'x', cookie: 'y', 'x-forwarded-for': 'z' };
    const paths = [`${notifyPath()}?a=b#c`, notifyPath('x', 'y', 'z'), '/oauth2/token', '/nowhere', '/docs'];
    for (const path of [notifyPath(), ...paths]) await send(gateway.url, path, { headers });
    await send(gateway.url, notifyPath(), { headers: { authorization: 'Bearer not.a.jwt' } });
    await sendRaw(gateway.url, 'NOT HTTP\r\n\r\n');
    // So that statements fail.
    await gateway.query('alter table unmatched_notifications rename to elsewhere');
    await send(gateway.url, notifyPath(undefined, undefined, 'unknown'), { headers });
    await gateway.query('alter table elsewhere rename to unmatched_notifications');
    await send(gateway.url, '/oauth2/revoke', {
      headers: { authorization: basic(D1_CLIENT, gateway.secretOf(D1_CLIENT)), 'content-type': FORM },
      body: `token=${await gateway.accessToken()}`,
    });

    const messages = gateway.logLines.map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(messages).toEqual(
      expect.arrayContaining([
        'Provisioned',
        'request',
        'Not a request',
        'An access token was revoked',
        'A batch was not committed',
      ]),
    );
    assertListed(gateway.logLines);
  });

  it('not even where somebody gives it one', () => {
    const lines: string[] = [];
    const logger = new PinoLoggerService({ logLevel: 'trace' }, { write: (line) => void lines.push(line) });

    logger.warn({ msg: 'm', status: 1, headers: { authorization: 'Bearer x' }, clientSecret: 'x' }, 'Context');

    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      {
        level: 'warn',
        time: expect.any(String),
        context: 'Context',
        msg: 'm',
        status: 1,
        unlisted: ['headers', 'clientSecret'],
      },
    ]);
    expect(() => assertListed(lines)).toThrow('holds unlisted');
  });
});

it('an error that nobody has caught is logged with what it says, and without what a driver has added to it', () => {
  const lines: string[] = [];
  const logger = new PinoLoggerService({ logLevel: 'trace' }, { write: (line) => void lines.push(line) });

  logger.error(Object.assign(new TypeError('what it says'), { parameters: ['secret'], code: 'E1' }), 'Context');

  expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
    {
      level: 'error',
      time: expect.any(String),
      context: 'Context',
      msg: 'what it says',
      cause: { name: 'TypeError', message: 'what it says', code: 'E1', stack: expect.stringContaining('TypeError') },
    },
  ]);
});

describe('nothing that is logged can make a line of its own, or move a terminal', () => {
  it.each(['\r\n', '\n', '\u2028', '\u001B[2J\u001B[31m', '\u009B31m', '\u0000', '\b\b\b'])('%j', (evil) => {
    const lines: string[] = [];
    const logger = new PinoLoggerService({ logLevel: 'trace' }, { write: (line) => void lines.push(line) });

    logger.warn(`a${evil}{"level":"forged"}`, 'Context');
    logger.warn({ msg: 'm', [`key${evil}`]: 1, detail: `value${evil}` }, 'Context');

    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line.endsWith('\n')).toBe(true);
      // oxlint-disable-next-line no-control-regex -- none may be there
      expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/);
      expect(JSON.parse(line)).toMatchObject({ level: 'warn' });
    }
  });
});

describe('no secret shows when an object is', () => {
  const KEY = Buffer.alloc(32, 7);
  const shows = (value: unknown): string => inspect(value, { depth: 10, showHidden: false }) + JSON.stringify(value);

  it('the master key', async () => {
    const key = new MasterKey(KEY);
    key.hash('purpose', 'text');

    expect(shows({ key })).not.toMatch(/07 07|Bw/);
    expect(await key.decrypt('p', await key.encrypt('p', 'text'))).toBe('text');
  });

  it('the configuration', () => {
    const masterKey = KEY.toString('base64');
    const config = loadConfig({ MASTER_KEY: masterKey, DATABASE_URL: 'postgres://user:pass-word@db.example/gateway' });

    expect(config.keys.masterKey).toBe(masterKey);
    expect(shows(config)).not.toContain(masterKey.slice(0, 8));
    expect(shows(config)).not.toContain('pass-word');
    expect(shows(config)).toContain('[secret]');
  });

  it('a client', async () => {
    const client = await gateway.app.get(ClientDirectory).find(D1_CLIENT);
    const hash = client?.secrets[0]?.hash ?? '';

    expect(hash.length).toBeGreaterThan(20);
    expect(shows(client)).not.toContain(hash);
  });

  it('the signing keys', async () => {
    const keys = gateway.app.get(SigningKeys);
    await gateway.accessToken();

    expect(shows(keys.active())).not.toMatch(/\bd: '|"d":/);
  });
});
