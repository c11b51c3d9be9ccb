import { D1ErrorCode } from '@gateway/d1-contract';
import { DomainError } from '../errors/domain-error.js';

/** 404. Also what a caller is told of a gateway that is not its own. */
export class UnknownMerchant extends DomainError {
  readonly status = 404;
  readonly logLevel = 'warn';
  override readonly errorCode = D1ErrorCode.UnknownMerchant;

  constructor() {
    super('Not able to identify the merchant');
  }
}

/** 404. */
export class UnknownToken extends DomainError {
  readonly status = 404;
  readonly logLevel = 'warn';
  override readonly errorCode = D1ErrorCode.UnknownToken;

  constructor() {
    super('Not able to identify the token');
  }
}

/** 500: a merchant on relay refused the update for good. */
export class MerchantRefused extends DomainError {
  readonly status = 500;
  readonly logLevel = 'error';
  override readonly errorCode = D1ErrorCode.MerchantError;

  constructor(reason: string) {
    super('An error occurred with Merchant', { detail: reason });
  }
}

/** 500: the call cannot be recorded as a notification, now or later. It is kept with its cause. */
export class NotificationFailed extends DomainError {
  readonly status = 500;
  readonly logLevel = 'error';
  override readonly errorCode = D1ErrorCode.InternalError;

  constructor(cause: string) {
    super('Internal Merchant Gateway error', { detail: cause });
  }
}
