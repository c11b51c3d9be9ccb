import { Matches } from 'class-validator';
import { MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID, type Identifier } from '../identifiers.js';

const matches = ({ name, pattern }: Identifier): PropertyDecorator =>
  Matches(pattern, { message: `${name} is not in the expected format` });

/** The three path ids of a notification, in the order in which they are checked. */
export class NotifyUpdateParams {
  @matches(MERCHANT_GATEWAY_ID)
  merchantGatewayId!: string;

  @matches(MERCHANT_ID)
  merchantId!: string;

  @matches(TOKEN_ID)
  tokenId!: string;
}
