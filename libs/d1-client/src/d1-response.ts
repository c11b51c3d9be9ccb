import type { ChannelAnswer } from './channel.js';
import { D1Error } from './d1-error.js';

/** A 2xx from D1, read whole. */
export class D1Response {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** As it came. */
  readonly text: string;

  constructor(
    private readonly call: string,
    { status, headers, body }: ChannelAnswer,
  ) {
    this.status = status;
    this.headers = headers;
    this.text = body;
  }

  /**
   * The body, parsed; that it is a `T` is not checked.
   *
   * @throws D1Error of kind `malformed`, if it is no JSON
   */
  json<T = unknown>(): T {
    try {
      return JSON.parse(this.text) as T;
    } catch {
      throw new D1Error('malformed', `${this.call} at D1: the answer is no JSON`, { status: this.status });
    }
  }
}
