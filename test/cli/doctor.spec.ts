import 'reflect-metadata';
import { spawnSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { examine } from '../../src/cli/doctor/examine.js';
import { TestCa } from '../support/test-ca.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { WITHOUT_TEAMS } from '../support/without-teams.js';

// A process for some, on machines that are busy.
vi.setConfig({ testTimeout: 60_000 });

const NAMED = 'subjectAltName = DNS:gateway.example';
const FILES = ['TLS_CERT_FILE', 'TLS_KEY_FILE', 'TLS_CLIENT_CA_FILE'] as const;
type Files = Partial<Record<(typeof FILES)[number], string>>;

let ca: TestCa;
let database: TestDatabase;
beforeAll(() => {
  ca = TestCa.root('Doctor CA');
});
afterAll(() => ca.remove());
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  vi.useRealTimers();
  await database.drop();
});

const path = (name: string): string => join(database.dataDir, name);
const about = (findings: readonly Finding[], check: string): Finding[] => findings.filter((one) => one.check === check);
const bad = (findings: readonly Finding[]): Finding[] => findings.filter(({ status }) => status !== 'ok');

async function write(name: string, content: string, mode = 0o600): Promise<string> {
  await writeFile(path(name), content, { mode });
  await chmod(path(name), mode);
  return path(name);
}

describe('TLS files', () => {
  /** What is good, with some of it replaced. */
  async function look(replaced: Files = {}, PUBLIC_URL = 'https://gateway.example'): Promise<Finding[]> {
    const { cert, key } = ca.issue({ extensions: NAMED, days: 90 });
    const good = {
      TLS_CERT_FILE: await write('cert.pem', cert + ca.pem),
      TLS_KEY_FILE: await write('key.pem', key),
      TLS_CLIENT_CA_FILE: await write('ca.pem', ca.issue({ days: 90, subject: '/CN=Client CA' }).cert),
    };
    const findings = await examine({ ...database.env, PUBLIC_URL, ...good, ...replaced });
    return findings.filter(({ check }) => (FILES as readonly string[]).includes(check) || check === 'tls');
  }

  it('are well where they are', async () => {
    const findings = await look();

    // The CA of the test lives for 30 days, which is soon.
    const [soon, ...others] = bad(findings);
    expect(others).toEqual([]);
    expect(soon).toMatchObject({ check: 'TLS_CERT_FILE', status: 'warning' });
    expect(soon?.message).toMatch(/^CN=Doctor CA expires in 29 days/);
    expect(findings).toContainEqual({ check: 'TLS_CERT_FILE', status: 'ok', message: 'is for gateway.example' });
    expect(findings).toContainEqual({ check: 'TLS_KEY_FILE', status: 'ok', message: 'belongs to the certificate' });
  });

  it('tells a certificate that has expired', async () => {
    const { cert, key } = ca.issue({ extensions: NAMED, days: -1 });
    const TLS_CERT_FILE = await write('old.pem', cert);
    const findings = bad(await look({ TLS_CERT_FILE, TLS_KEY_FILE: await write('old.key', key) }));

    expect(findings).toEqual([
      {
        check: 'TLS_CERT_FILE',
        status: 'failure',
        message: 'CN=d1 expired on 2021-01-01',
        advice: 'Replace it.',
      },
    ]);
  });

  it('tells a certificate that expires soon', async () => {
    const { cert, key } = ca.issue({ extensions: NAMED, days: 10 });
    const TLS_CERT_FILE = await write('soon.pem', cert);
    const findings = bad(await look({ TLS_CERT_FILE, TLS_KEY_FILE: await write('soon.key', key) }));

    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ check: 'TLS_CERT_FILE', status: 'warning' });
    expect(findings[0]?.message).toMatch(/^CN=d1 expires in 9 days/);
  });

  it('tells a key that is another certificate’s, and one that is none', async () => {
    const another = { TLS_KEY_FILE: await write('another.key', ca.issue().key) };
    expect(about(await look(another), 'TLS_KEY_FILE')).toContainEqual({
      check: 'TLS_KEY_FILE',
      status: 'failure',
      message: 'is not the key of the certificate',
      advice: 'Take the key and the certificate from one issuing.',
    });
    const none = { TLS_KEY_FILE: await write('none.key', 'no key at all') };
    expect(about(await look(none), 'TLS_KEY_FILE')).toContainEqual(
      expect.objectContaining({ status: 'failure', message: 'is no private key in PEM' }),
    );
  });

  it('tells a key that others may read', async () => {
    const TLS_KEY_FILE = await write('open.key', ca.issue().key, 0o644);
    expect(about(await look({ TLS_KEY_FILE }), 'TLS_KEY_FILE')).toContainEqual({
      check: 'TLS_KEY_FILE',
      status: 'warning',
      message: `${TLS_KEY_FILE} can be read or written by others (644)`,
      advice: `chmod 600 ${TLS_KEY_FILE}`,
    });
  });

  it.each(FILES)('tells a file that cannot be read: %s', async (setting) => {
    // Whoever runs this, a folder is not to be read as a file.
    await mkdir(path('a-folder'));
    const advice = 'Check the path, and that the gateway’s user may read it.';
    for (const [file, code] of [
      [path('a-folder'), 'EISDIR'],
      [path('missing.pem'), 'ENOENT'],
    ] as const) {
      expect(about(await look({ [setting]: file }), setting)).toContainEqual({
        check: setting,
        status: 'failure',
        message: `${file} cannot be read: ${code}`,
        advice,
      });
    }
  });

  it('tells a CA bundle that is none', async () => {
    const TLS_CLIENT_CA_FILE = await write('none.pem', 'no certificate at all');
    expect(about(await look({ TLS_CLIENT_CA_FILE }), 'TLS_CLIENT_CA_FILE')).toEqual([
      expect.objectContaining({ status: 'failure', message: `${TLS_CLIENT_CA_FILE} holds no certificate in PEM` }),
    ]);
  });

  it('tells a chain in the wrong order, and a name that is another', async () => {
    const { cert, key } = ca.issue({ extensions: NAMED });
    const files = {
      TLS_CERT_FILE: await write('turned.pem', ca.pem + cert),
      TLS_KEY_FILE: await write('its.key', key),
    };
    expect(bad(await look(files)).map(({ message }) => message)).toContain(
      'certificate 1 is not signed by the one after it',
    );
    for (const host of ['elsewhere.example', '192.0.2.1', '2001:db8::1']) {
      const url = `https://${host.includes(':') ? `[${host}]` : host}`;
      expect(bad(await look({}, url)).map(({ message }) => message)).toContain(`is not for ${host}`);
    }
  });
});

describe.runIf(inject('engine') === 'postgres')('the clock', () => {
  it.each([
    [0, 'ok'],
    [3000, 'warning'],
    [60_000, 'failure'],
  ])('%i ms away from the database’s is seen', async (skewMs, status) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + skewMs });
    const [found, ...others] = about(await examine(database.env), 'clock');

    expect(others).toEqual([]);
    const saidMs = Number(/ by (\d+) ms$/.exec(found?.message ?? '')?.[1]);
    // Time stands still here, and not at the database.
    expect(Math.abs(saidMs - skewMs)).toBeLessThan(skewMs === 0 ? 900 : 1900);
    expect(found?.status).toBe(status);
  });
});

/** A file system of one's own needs namespaces, which not every machine gives. */
const canMount = spawnSync('unshare', ['-rm', 'true']).status === 0;

describe.runIf(canMount)('the disk', () => {
  function look(options: string): Finding[] {
    const run = `mount -t tmpfs -o ${options} tmpfs "$DATA_DIR" && exec "$0" ${WITHOUT_TEAMS.join(' ')} dist/src/cli/main.js doctor --json`;
    const { DATA_DIR = '' } = database.env;
    const done = spawnSync('unshare', ['-rm', 'sh', '-c', run, process.execPath], {
      env: { PATH: process.env.PATH, DATA_DIR },
      encoding: 'utf8',
    });
    return about((JSON.parse(done.stdout) as { findings: Finding[] }).findings, 'disk');
  }
  const advice = 'Make room, or lower RETENTION_DAYS; docs/scaling.md has the bytes a notification takes.';

  it.each([
    ['size=50m', { status: 'failure', message: '0.0 GiB free in DATA_DIR', advice }],
    ['size=512m', { status: 'warning', message: '0.5 GiB free in DATA_DIR', advice }],
    ['size=2g', { status: 'ok', message: '2.0 GiB free in DATA_DIR' }],
    [
      'size=2g,ro',
      {
        status: 'failure',
        message: 'DATA_DIR cannot be written to',
        advice: 'Give it to the user that the gateway runs as.',
      },
    ],
  ])('is looked at: %s', (options, found) => {
    expect(look(options)).toEqual([{ check: 'disk', ...found }]);
  });
});
