import { sendRaw, type Answer } from '../../support/http.js';
import { basic, D1_CLIENT, type TestGateway } from '../../support/test-gateway.js';
import { FORM, GRANT } from './token-call.js';

export interface RawTokenCall {
  readonly method?: string;
  readonly target?: string;
  /** By default the right credentials of D1's client. */
  readonly authorization?: string;
  /** Header lines besides the usual ones; by default the form's length. */
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly withoutHost?: boolean;
}

/** A token request byte by byte, for what no HTTP client would send; all the bytes that come back. */
export function bytesFor(gateway: TestGateway, call: RawTokenCall = {}): Promise<string> {
  const { method = 'POST', target = '/oauth2/token', body = GRANT, headers } = call;
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(call.withoutHost ? [] : ['host: gateway.example']),
    'connection: close',
    `authorization: ${call.authorization ?? basic(D1_CLIENT, gateway.secretOf(D1_CLIENT))}`,
    `content-type: ${FORM}`,
    ...(headers ?? [`content-length: ${Buffer.byteLength(body)}`]),
  ];
  return sendRaw(gateway.url, `${lines.join('\r\n')}\r\n\r\n${body}`);
}

export async function askRaw(gateway: TestGateway, call: RawTokenCall = {}): Promise<Answer> {
  const [head = '', body = ''] = (await bytesFor(gateway, call)).split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.replace(/^.*?: /, '')]);
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
    json: <T>() => JSON.parse(body) as T,
  };
}
