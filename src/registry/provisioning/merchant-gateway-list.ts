import { MERCHANT_GATEWAY_ID, Scope } from '@gateway/d1-contract';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { EVERY_MERCHANT_GATEWAY } from '../../auth/clients/client-merchant-gateway.entity.js';

const { name, pattern } = MERCHANT_GATEWAY_ID;

/** Ids of merchant gateways, or `*` for all; not for whoever sends notifications. Stands in a class with `scopes`. */
export const IsMerchantGatewayList = (): PropertyDecorator =>
  ValidateBy(
    {
      name: 'isMerchantGatewayList',
      validator: {
        validate: (list: unknown, context) => Array.isArray(list) && list.every((one) => isEntry(one, context)),
        defaultMessage: (context) =>
          Array.isArray(context?.value) && context.value.includes(EVERY_MERCHANT_GATEWAY)
            ? `must name the merchant gateways of a client with ${Scope.Notify}`
            : `is not a ${name}: ${pattern.source}`,
      },
    },
    {
      // The error of a provisioning file points at the first element at fault.
      context: {
        isValid: (one: unknown) => typeof one === 'string' && (pattern.test(one) || one === EVERY_MERCHANT_GATEWAY),
      },
    },
  );

function isEntry(entry: unknown, context: ValidationArguments | undefined): boolean {
  if (entry === EVERY_MERCHANT_GATEWAY) {
    const { scopes } = (context?.object ?? {}) as { scopes?: unknown };
    return !(Array.isArray(scopes) && scopes.includes(Scope.Notify));
  }
  return typeof entry === 'string' && pattern.test(entry);
}
