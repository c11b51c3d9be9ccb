import type { IncomingMessage } from 'node:http';

export const TOO_LARGE = Symbol('body too large');

/**
 * The media type of a request, lower case and without parameters; empty where there is none. White space is a blank or a tab
 * (RFC 9110, section 5.6.3).
 */
export function mediaTypeOf(request: IncomingMessage): string {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';', 1);
  return type.replace(/^[ \t]+|[ \t]+$/g, '').toLowerCase();
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Reads a request body. It is called where the body is wanted, not by the framework before the guards: so an
 * unauthenticated caller cannot make the server buffer anything, and 401 comes before 400.
 *
 * @returns the bytes, or `TOO_LARGE` as soon as there are more than `limitBytes`; the rest is then left unread
 * @throws Error when the client goes away half way
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer | typeof TOO_LARGE> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return TOO_LARGE;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (result: Buffer | typeof TOO_LARGE): void => {
      request.off('data', onData).off('end', onEnd).off('error', reject).off('close', onClose);
      resolve(result);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limitBytes) {
        request.pause();
        settle(TOO_LARGE);
        return;
      }
      chunks.push(chunk);
    };
    const onEnd = (): void => settle(Buffer.concat(chunks));
    const onClose = (): void => reject(new Error('The client went away before its body was complete'));
    request.on('data', onData).on('end', onEnd).on('error', reject).on('close', onClose);
  });
}

/** The most that is read of a body that nobody wants. */
const MAX_DISCARDED_BYTES = 16 * 1024 * 1024;

/**
 * Reads what is left of a body and throws it away. Were the connection closed instead, a caller that is still sending
 * would find it broken, and might never see its answer (RFC 9112, section 9.6). Who sends without end is cut off.
 *
 * @returns false where too much is announced: the connection is then better closed
 */
export function discardBody(request: IncomingMessage): boolean {
  if (!hasBody(request) || request.readableEnded) return true;
  if (Number(request.headers['content-length'] ?? 0) > MAX_DISCARDED_BYTES) return false;
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_DISCARDED_BYTES) request.destroy();
  });
  request.resume();
  return true;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @returns the text, or undefined where the bytes are no UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}
