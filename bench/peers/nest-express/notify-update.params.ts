import { Matches } from 'class-validator';

export class NotifyUpdateParams {
  @Matches(/^[A-Za-z0-9_-]{10}$/)
  merchantGatewayId!: string;

  @Matches(/^[A-Za-z0-9_-]{11}$/)
  merchantId!: string;

  @Matches(/^[A-Za-z0-9_-]{1,48}$/)
  tokenId!: string;
}
