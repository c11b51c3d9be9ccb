// A line for each request, put together by hand: pino's way through an object, and the search for card numbers in the whole
// of it, made two fifths of all garbage and a tenth of a notification's time.
import type { AnsweredRequest } from '../http/answered-request.js';
import { rememberingLast } from '../memory/remembering-last.js';
import { maskPan } from '../privacy/mask-pan.js';
import { escapeControls } from './log-line.js';

type Value = string | null | undefined;

/** The line of a request, as pino writes lines and `logLine` leaves them. */
export function requestLine(level: 'debug' | 'info', answered: AnsweredRequest, nowMs = Date.now()): string {
  const { method, route, status, durationMs, correlationId, remoteAddress, clientId, ids = {} } = answered;
  return (
    `{"level":"${level}","time":"${isoTime(nowMs)}","msg":"request","method":"${method}","route":${routeText(route)}` +
    `,"status":${status},"durationMs":${Math.round(durationMs * 1000) / 1000}` +
    member('correlationId', correlationId) +
    remoteAddressMember(remoteAddress) +
    clientMember(clientId) +
    merchantGatewayMember(ids.merchantGatewayId) +
    merchantMember(ids.merchantId) +
    member('tokenId', ids.tokenId) +
    '}\n'
  );
}

/** What JSON has nothing to escape in, and what moves no terminal. */
const PLAIN = /^[\w.:%*-]*$/;

function member(name: string, value: Value): string {
  if (value === undefined || value === null || value === '') return '';
  const masked = maskPan(value);
  return `,"${name}":${PLAIN.test(masked) ? `"${masked}"` : escapeControls(JSON.stringify(masked))}`;
}

/** For a value that is nearly always that of the line before. */
const lastingMember = (name: string) => rememberingLast((value: Value) => member(name, value));

const remoteAddressMember = lastingMember('remoteAddress');
const clientMember = lastingMember('clientId');
const merchantGatewayMember = lastingMember('merchantGatewayId');
const merchantMember = lastingMember('merchantId');

/** Of routes there are as many as controllers' methods. */
const routeTexts = new Map<string | undefined, string>();

function routeText(route: string | undefined): string {
  let text = routeTexts.get(route);
  if (text === undefined) {
    text = JSON.stringify(route ?? null);
    routeTexts.set(route, text);
  }
  return text;
}

/** Requests that share a commit are answered in the same millisecond. */
const isoTime = rememberingLast((nowMs: number) => new Date(nowMs).toISOString());
