import { MERCHANT_GATEWAY_ID, MERCHANT_ID } from '@gateway/d1-contract';
import { ApiProperty } from '@nestjs/swagger';
import { DELIVERY_ID, NOTIFICATION_ID } from '../http/identifiers.js';
import { ApiCount, ApiIdentifier } from '../http/response-fields.js';

/** Over the whole answer, of each kind. */
export const MAX_IDS = 1000;

const ids = ({ pattern, example }: typeof NOTIFICATION_ID) => ({
  type: 'array' as const,
  items: { type: 'string' as const, pattern: pattern.source, example },
  maxItems: MAX_IDS,
  description: `The first of them; in the whole answer at most ${MAX_IDS}.`,
});

export class UnaccountedNotifications {
  @ApiCount('How many there are.')
  count!: number;

  @ApiProperty(ids(NOTIFICATION_ID))
  ids!: string[];
}

export class UnaccountedDeliveries {
  @ApiCount('How many there are.')
  count!: number;

  @ApiProperty(ids(DELIVERY_ID))
  ids!: string[];
}

export class Unaccounted {
  @ApiProperty({
    type: UnaccountedNotifications,
    description: 'A destination that was there, and enabled, has no delivery of them.',
  })
  notifications!: UnaccountedNotifications;

  @ApiProperty({ type: UnaccountedDeliveries, description: 'Their notification is missing.' })
  deliveries!: UnaccountedDeliveries;
}

/** What a merchant's notifications have come to. */
export class MerchantReconciliation {
  @ApiIdentifier(MERCHANT_ID)
  merchantId!: string;

  @ApiCount('Accepted.')
  notifications!: number;

  @ApiCount('What they call for: delivered + pending + dead + cancelled, when all are accounted for.')
  deliveries!: number;

  @ApiCount('Of these.')
  delivered!: number;

  @ApiCount('Of these.')
  pending!: number;

  @ApiCount('Of these.')
  dead!: number;

  @ApiCount('Of these.')
  cancelled!: number;

  @ApiProperty({ type: Unaccounted })
  unaccounted!: Unaccounted;

  @ApiProperty({ type: Boolean, description: 'All is accounted for.' })
  balanced!: boolean;
}

export class ReconciliationReport {
  @ApiIdentifier(MERCHANT_GATEWAY_ID)
  merchantGatewayId!: string;

  @ApiProperty({ type: Boolean, description: 'Every merchant is balanced.' })
  balanced!: boolean;

  @ApiProperty({ type: [MerchantReconciliation] })
  merchants!: MerchantReconciliation[];
}
