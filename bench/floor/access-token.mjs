// The floor of the token endpoint: parse Basic, compare a SHA-256, sign ES256, answer. Nothing else.
import { createHash, generateKeyPairSync, randomUUID, sign, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const { CLIENT_ID, CLIENT_SECRET, PORT, PUBLIC_URL } = process.env;
const TTL_SECONDS = 900;
const SCOPE = 'd1:notify';

const sha256 = (text) => createHash('sha256').update(text).digest();
const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

const clients = new Map([[CLIENT_ID, sha256(CLIENT_SECRET)]]);
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signing = { key: privateKey, dsaEncoding: 'ieee-p1363' };
const header = base64url({ typ: 'at+jwt', alg: 'ES256', kid: randomUUID() });
const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** @returns {string | undefined} the client's id, where its secret is right */
function authenticated(authorization = '') {
  if (!authorization.startsWith('Basic ')) return undefined;
  const credentials = Buffer.from(authorization.slice(6), 'base64').toString();
  const colon = credentials.indexOf(':');
  const clientId = credentials.slice(0, colon);
  const secret = clients.get(clientId);
  return secret && timingSafeEqual(sha256(credentials.slice(colon + 1)), secret) ? clientId : undefined;
}

function issue(clientId) {
  const iat = Math.floor(Date.now() / 1000);
  const exp = iat + TTL_SECONDS;
  const identity = { iss: PUBLIC_URL, aud: PUBLIC_URL, sub: clientId, client_id: clientId, jti: randomUUID() };
  const signed = `${header}.${base64url({ ...identity, scope: SCOPE, iat, exp })}`;
  return JSON.stringify({
    access_token: `${signed}.${sign('sha256', signed, signing).toString('base64url')}`,
    token_type: 'Bearer',
    expires_in: TTL_SECONDS,
    expires_at: new Date(exp * 1000).toISOString(),
    scope: SCOPE,
  });
}

function answer(request, response, form) {
  const clientId = authenticated(request.headers.authorization);
  if (!clientId) response.writeHead(401).end();
  else if (new URLSearchParams(form).get('grant_type') !== 'client_credentials') response.writeHead(400).end();
  else response.writeHead(200, headers).end(issue(clientId));
}

createServer((request, response) => {
  if (request.url === '/oauth2/token') {
    let form = '';
    request.on('data', (chunk) => (form += chunk));
    request.on('end', () => answer(request, response, form));
  } else {
    response.writeHead(request.url === '/ready' ? 200 : 404).end();
  }
}).listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit());
