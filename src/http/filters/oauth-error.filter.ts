import { Catch } from '@nestjs/common';
import { OAuthErrorCode, type OAuthErrorBody } from '@gateway/d1-contract';
import type { DomainError } from '../../errors/domain-error.js';
import { ContractErrorFilter } from './contract-error.filter.js';

/** Errors of the token endpoint (RFC 6749, section 5.2). */
@Catch()
export class OAuthErrorFilter extends ContractErrorFilter {
  protected body({ status, errorCode, oauthError, message }: DomainError): OAuthErrorBody {
    return {
      ...(status === 400 && errorCode === 'FIELD_INVALID_FORMAT' && { errorCode }),
      error: oauthError ?? OAuthErrorCode.TemporarilyUnavailable,
      // Only a 400 is explained: why credentials fail is nobody's business.
      ...(status === 400 && { error_description: message }),
    };
  }
}
