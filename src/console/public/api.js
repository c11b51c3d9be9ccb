// Talks to the gateway's own API. The credentials and the access token live in this module's memory and nowhere else:
// no cookie, so nothing another site could make the browser send.

/** @typedef {{ clientId: string, clientSecret: string }} Credentials */

/** What went wrong, in words for people. */
export class Refused extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** An access token is renewed so many seconds before its end. */
const RENEW_SECONDS = 60;

/** @type {Credentials | undefined} */
let credentials;
/** @type {{ accessToken: string, renewAtMs: number, scopes: string[] } | undefined} */
let grant;

/** @param {Credentials} given @throws {Refused} */
export async function signIn(given) {
  grant = await fetchGrant(given);
  credentials = given;
}

export function signOut() {
  credentials = undefined;
  grant = undefined;
}

export function isSignedIn() {
  return credentials !== undefined;
}

/** Whether the client may act, or only look. */
export function mayOperate() {
  return grant?.scopes.includes('gateway:operate') ?? false;
}

/**
 * @param {string} path relative to the API's base
 * @param {{ method?: string, body?: object }} [options]
 * @returns {Promise<any>}
 * @throws {Refused}
 */
export async function call(path, { method = 'GET', body } = {}) {
  const headers = {
    Authorization: `Bearer ${await accessToken()}`,
    ...(body && { 'Content-Type': 'application/json' }),
  };
  const answer = await send(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, content.detail ?? `The gateway answered ${answer.status}`);
  return content;
}

async function accessToken() {
  if (!credentials) throw new Refused(401, 'You are signed out');
  if (!grant || Date.now() >= grant.renewAtMs) grant = await fetchGrant(credentials);
  return grant.accessToken;
}

/** @param {Credentials} given */
async function fetchGrant({ clientId, clientSecret }) {
  const bytes = new TextEncoder().encode(`${clientId}:${clientSecret}`);
  const answer = await send(document.querySelector('meta[name=token-path]')?.getAttribute('content') ?? '', {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, refusal(answer.status));
  return {
    accessToken: content.access_token,
    renewAtMs: Date.now() + (content.expires_in - RENEW_SECONDS) * 1000,
    scopes: String(content.scope ?? '').split(' '),
  };
}

/** @param {number} status */
function refusal(status) {
  if (status === 401) return 'Client id or secret is wrong, or the client is disabled.';
  if (status === 429) return 'Too many failed attempts from here. Try again in a minute.';
  return `The gateway answered ${status}.`;
}

/** @param {string} path @param {RequestInit} init */
async function send(path, init) {
  try {
    // Without credentials the browser does not ask for a password by itself after a 401.
    return await fetch(path, { ...init, credentials: 'omit', cache: 'no-store' });
  } catch {
    throw new Refused(0, 'The gateway cannot be reached');
  }
}
