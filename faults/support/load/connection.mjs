// A caller's connection, on a raw socket: a client library would be slower than what it measures.
import { connect } from 'node:net';

const LENGTH = /\r\ncontent-length: (\d+)/i;
const RETRY_AFTER = /\r\nretry-after: \d+\r\n/i;
const CLOSE = /\r\nconnection: close\r\n/i;

export class Connection {
  text = '';
  isClosed = false;
  /** What was sent and has no answer yet. */
  request = undefined;

  /**
   * @param onReady it can be used
   * @param onAnswer gets status, whether there was a `Retry-After`, and the request
   * @param onClose gets the request that has no answer, if there is one
   */
  constructor(port, { onReady, onAnswer, onClose }) {
    this.onAnswer = onAnswer;
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('connect', () => onReady(this));
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.isClosed = true;
      onClose(this, this.request);
    });
  }

  send(request) {
    this.request = request;
    this.socket.write(request.text);
  }

  take(chunk) {
    this.text += chunk;
    const end = this.text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const length = Number(LENGTH.exec(this.text)?.[1] ?? 0);
    if (this.text.length < end + 4 + length) return;
    const { text, request } = this;
    this.text = '';
    this.request = undefined;
    // The server has said that this was the last one.
    if (CLOSE.test(text)) this.isClosed = true;
    this.onAnswer(this, { status: text.slice(9, 12), saysWhen: RETRY_AFTER.test(text), request });
  }
}
