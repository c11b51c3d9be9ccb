import { Catch } from '@nestjs/common';
import type { D1ErrorBody } from '@gateway/d1-contract';
import type { DomainError } from '../../errors/domain-error.js';
import { ContractErrorFilter } from './contract-error.filter.js';

/** Errors of "Notify token update". */
@Catch()
export class D1ErrorFilter extends ContractErrorFilter {
  protected body(error: DomainError): D1ErrorBody {
    return d1ErrorBody(error);
  }
}

export function d1ErrorBody({ errorCode, message }: DomainError): D1ErrorBody {
  return { ...(errorCode && { errorCode }), error: message };
}
