import { DomainError } from '../errors/domain-error.js';

/** 400: the first fault of a query or a body. */
export class InvalidRequest extends DomainError {
  readonly status = 400;
  readonly logLevel = 'debug';
}

/** 404: it is not there, or not the caller's to see; which of them does not show. */
export class NotFound extends DomainError {
  readonly status = 404;
  readonly logLevel = 'debug';

  constructor(what: string) {
    super(`There is no such ${what}`);
  }
}

/** 409: it would contradict what else there is. */
export class Conflict extends DomainError {
  readonly status = 409;
  readonly logLevel = 'debug';
}

/** 412: it is not as the caller takes it to be (RFC 9110, section 15.5.13). */
export class PreconditionFailed extends DomainError {
  readonly status = 412;
  readonly logLevel = 'debug';
}

/** 409: it cannot be sent again as things are. */
export class NotReplayable extends DomainError {
  readonly status = 409;
  readonly logLevel = 'debug';
}
