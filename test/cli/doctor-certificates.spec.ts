import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examine } from '../../src/cli/doctor/examine.js';
import type { Finding } from '../../src/cli/doctor/finding.js';
import { TestCa } from '../support/test-ca.js';

// Long enough for the CA's certificate, of 30 days, to be about to expire, and for the server's not to be.
const LONG_DAYS = 90;

let ca: TestCa;
beforeAll(() => {
  ca = TestCa.root('D1 test CA');
});
afterAll(() => ca.remove());

function files({ serverDays = LONG_DAYS, clientCa = ca.pem }: { serverDays?: number; clientCa?: string } = {}) {
  const { cert, key } = ca.issue({
    subject: '/CN=gateway',
    extensions: 'subjectAltName = DNS:localhost',
    days: serverDays,
  });
  writeFileSync(ca.file('server.pem'), cert);
  writeFileSync(ca.file('server.key'), key);
  writeFileSync(ca.file('bundle.pem'), clientCa);
  return {
    TLS_CERT_FILE: ca.file('server.pem'),
    TLS_KEY_FILE: ca.file('server.key'),
    TLS_CLIENT_CA_FILE: ca.file('bundle.pem'),
    DATA_DIR: ca.folder,
  };
}

const found = async (env: Record<string, string>, setting: string): Promise<Pick<Finding, 'status' | 'message'>[]> =>
  (await examine(env))
    .filter(({ check, message }) => check === setting && /until|expire|ran out/.test(message))
    .map(({ status, message }) => ({ status, message }));

it('tells until when a certificate is good', async () => {
  const message = expect.stringMatching(/^CN=gateway is valid until \d{4}-\d\d-\d\d$/) as string;
  expect(await found(files(), 'TLS_CERT_FILE')).toEqual([{ status: 'ok', message }]);
});

it('warns where it expires within 30 days', async () => {
  const message = expect.stringMatching(/^CN=gateway expires in 1[12] days /) as string;
  expect(await found(files({ serverDays: 12 }), 'TLS_CERT_FILE')).toEqual([{ status: 'warning', message }]);
});

it('fails where it has expired', async () => {
  expect(await found(files({ serverDays: -1 }), 'TLS_CERT_FILE')).toEqual([
    { status: 'failure', message: 'CN=gateway expired on 2021-01-01' },
  ]);
});

it('looks at every CA of the bundle for clients', async () => {
  const old = ca.issue({ subject: '/CN=old CA', extensions: 'basicConstraints = critical,CA:true', days: -1 });
  expect(await found(files({ clientCa: ca.pem + old.cert }), 'TLS_CLIENT_CA_FILE')).toEqual([
    { status: 'warning', message: expect.stringMatching(/^CN=D1 test CA expires in (29|30) days/) as string },
    { status: 'failure', message: 'CN=old CA expired on 2021-01-01' },
  ]);
});

it('looks at the bundle where a proxy terminates TLS, too', async () => {
  const { TLS_CLIENT_CA_FILE, DATA_DIR } = files();
  const env = { TLS_CLIENT_CA_FILE, DATA_DIR, CLIENT_CERT_HEADER: 'rfc9440', TRUSTED_PROXIES: '127.0.0.1' };
  expect(await found(env, 'TLS_CLIENT_CA_FILE')).toHaveLength(1);
});

it.each([
  ['good', 7, 'ok', /^the list of CN=D1 test CA is good until /],
  ['run out', -1, 'failure', /^the list of CN=D1 test CA ran out on 2021-01-01/],
])('tells of a list of revoked certificates that is %s', async (_name, days, status, message) => {
  const env = { ...files(), TLS_CLIENT_CRL_FILE: ca.file('crl.pem') };
  ca.crl(days);
  expect(await found(env, 'TLS_CLIENT_CRL_FILE')).toEqual([
    { status, message: expect.stringMatching(message) as string },
  ]);
});
