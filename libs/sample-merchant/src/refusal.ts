import type { RefusedRequest } from './received.js';

/** A request is refused; the message says why. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly answer: RefusedRequest['answer'],
    message: string,
  ) {
    super(message);
  }
}
