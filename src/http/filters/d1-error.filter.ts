import { Catch, Injectable } from '@nestjs/common';
import type { D1ErrorBody } from '@gateway/d1-contract';
import { GatewayConfig } from '../../config/gateway-config.js';
import type { DomainError } from '../../errors/domain-error.js';
import { ContractErrorFilter } from './contract-error.filter.js';

/** Errors of "Notify token update". */
@Catch()
@Injectable()
export class D1ErrorFilter extends ContractErrorFilter {
  constructor(config: GatewayConfig) {
    super(config);
  }

  protected body(error: DomainError): D1ErrorBody {
    return d1ErrorBody(error);
  }
}

export function d1ErrorBody({ errorCode, message }: DomainError): D1ErrorBody {
  return { ...(errorCode && { errorCode }), error: message };
}
