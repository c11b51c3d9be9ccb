// What is asked of a gateway, and what is right: a title, what is said to curl or openssl, and the answer.

/** D1's, and all that are not. */
const WRONG = [
  ['no certificate'],
  ['of another CA', 'stranger'],
  ['self-signed', 'self-signed'],
  ['expired', 'expired'],
  ['revoked', 'revoked'],
];
const shown = (name) => (name === undefined ? [] : ['--cert', `${name}.pem`, '--key', `${name}.key`]);
const bearer = (name) => ['-H', `@${name}.bearer`];

const MTLS = [
  ['the right certificate, TLS 1.3', ['--tlsv1.3', ...shown('d1')], 204],
  ['the right certificate, TLS 1.2', ['--tls-max', '1.2', ...shown('d1')], 204],
  ...WRONG.map(([title, name]) => [title, shown(name), 401]),
  ['none of TLS_CLIENT_SUBJECTS', shown('somebody'), 401],
  [
    'no certificate, and the right one in a header, from an address that is no trusted proxy',
    ['-H', '@d1.rfc9440'],
    401,
  ],
];

const OPENSSL = [
  ['TLS 1.3', ['-tls1_3'], /^New, TLSv1\.3.*/m],
  ['TLS 1.2', ['-tls1_2'], /^New, TLSv1\.2.*/m],
  ['TLS 1.1 is refused', ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'], /alert protocol version|unsupported protocol/],
  [
    'a cipher without forward secrecy is refused',
    ['-tls1_2', '-cipher', 'AES256-GCM-SHA384'],
    /alert handshake failure/,
  ],
];

const OAUTH_AND_MTLS = [
  ['the right certificate, and an access token that was fetched with it', [...shown('d1'), ...bearer('bound')], 204],
  ['its successor, of the same name', [...shown('d1-renewed'), ...bearer('bound')], 204],
  ['the right certificate, no access token', shown('d1'), 401],
  ['the right certificate, and an access token that was fetched without', [...shown('d1'), ...bearer('unbound')], 401],
  ['a good certificate of somebody else', [...shown('somebody'), ...bearer('bound')], 401],
  ...WRONG.map(([title, name]) => [`${title}, and D1’s access token`, [...shown(name), ...bearer('bound')], 401]),
];

const told = (kind) => [
  ['the right certificate', ['-H', `@d1.${kind}`], 204],
  ...WRONG.map(([title, name]) => [title, name === undefined ? [] : ['-H', `@${name}.${kind}`], 401]),
  ['none of TLS_CLIENT_SUBJECTS', ['-H', `@somebody.${kind}`], 401],
  ['the right certificate, twice', ['-H', `@twice.${kind}`], 401],
];

const FILES = { TLS_CLIENT_CA_FILE: 'ca.pem', TLS_CLIENT_CRL_FILE: 'crl.pem' };
const TERMINATES = { ...FILES, TLS_CERT_FILE: 'server.pem', TLS_KEY_FILE: 'server.key' };
const behindProxy = (kind) => ({
  files: FILES,
  env: {
    D1_AUTHENTICATION: 'mtls',
    TLS_CLIENT_SUBJECTS: 'CN=d1',
    CLIENT_CERT_HEADER: kind,
    TRUSTED_PROXIES: 'loopback',
  },
});

/** A gateway each, with its settings and what is asked of it. */
export const CHAPTERS = [
  {
    title: 'D1_AUTHENTICATION=mtls',
    files: TERMINATES,
    env: {
      D1_AUTHENTICATION: 'mtls',
      TLS_CLIENT_SUBJECTS: 'CN=d1',
      CLIENT_CERT_HEADER: 'rfc9440',
      TRUSTED_PROXIES: '192.0.2.1',
    },
    curl: MTLS,
    openssl: OPENSSL,
  },
  {
    title: 'D1_AUTHENTICATION=oauth+mtls',
    files: TERMINATES,
    env: { D1_AUTHENTICATION: 'oauth+mtls' },
    accessTokens: { bound: shown('d1'), unbound: [] },
    curl: OAUTH_AND_MTLS,
  },
  {
    title: 'D1_AUTHENTICATION=mtls, CLIENT_CERT_HEADER=rfc9440, called by a trusted proxy',
    ...behindProxy('rfc9440'),
    curl: told('rfc9440'),
  },
  {
    title: 'D1_AUTHENTICATION=mtls, CLIENT_CERT_HEADER=xfcc, called by a trusted proxy',
    ...behindProxy('xfcc'),
    curl: [...told('xfcc'), ['a hash and a name, which prove nothing', ['-H', '@hash.xfcc'], 401]],
  },
];
