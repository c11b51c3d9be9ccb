import { MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID } from '@gateway/d1-contract';
import { ApiProperty } from '@nestjs/swagger';
import { ApiCount, ApiIdentifier, ApiNullable, ApiNullableTime, ApiTime } from '../http/response-fields.js';

const ApiLatency = (share: string): PropertyDecorator =>
  ApiNullable(
    { type: 'integer' },
    { description: `Milliseconds; ${share} took no longer. Null where there are none.` },
  );

/** From the 204 until a destination had it: estimated from a histogram. */
export class Latency {
  @ApiLatency('half of them')
  p50Ms!: number | null;

  @ApiLatency('95 %')
  p95Ms!: number | null;

  @ApiLatency('99 %')
  p99Ms!: number | null;
}

export class OverviewMinute extends Latency {
  @ApiTime('Its beginning.')
  at!: string;

  @ApiCount('Notifications accepted.')
  accepted!: number;

  @ApiCount('Deliveries made, however long ago the notification was accepted.')
  delivered!: number;
}

export class OverviewMerchant {
  @ApiIdentifier(MERCHANT_GATEWAY_ID)
  merchantGatewayId!: string;

  @ApiIdentifier(MERCHANT_ID)
  merchantId!: string;

  @ApiProperty({ type: String, example: 'Example shop' })
  name!: string;

  @ApiCount('Deliveries that wait; counted up to 10000 for each destination.')
  pending!: number;

  @ApiNullableTime('When the oldest of them arrived.')
  oldestPendingAt!: string | null;

  @ApiCount('Deliveries given up; counted up to 10000 for each destination.')
  dead!: number;
}

export class OverviewUnmatched {
  @ApiTime('When it arrived.')
  receivedAt!: string;

  @ApiIdentifier(MERCHANT_GATEWAY_ID)
  merchantGatewayId!: string;

  @ApiIdentifier(MERCHANT_ID)
  merchantId!: string;

  @ApiIdentifier(TOKEN_ID)
  tokenId!: string;

  @ApiProperty({ enum: ['UNKNOWN_MERCHANT', 'UNKNOWN_TOKEN'], description: 'What D1 was told.' })
  reason!: string;
}

/** How it goes, at a glance. */
export class Overview {
  @ApiTime('Of this account.')
  at!: string;

  @ApiProperty({ type: [OverviewMinute], description: 'The last 60 minutes and the one under way, oldest first.' })
  minutes!: readonly OverviewMinute[];

  @ApiProperty({ type: Latency, description: 'Over all of these minutes.' })
  latency!: Latency;

  @ApiCount('Deliveries that wait, of all merchants; counted up to 10000 for each destination.')
  pending!: number;

  @ApiCount('Deliveries given up, of all merchants; counted up to 10000 for each destination.')
  dead!: number;

  @ApiProperty({
    type: [OverviewMerchant],
    description: 'Merchants with destinations, 500 at most: of more, those for whom something waits or was given up.',
  })
  merchants!: readonly OverviewMerchant[];

  @ApiCount('Calls for what is not registered; counted up to 10000.')
  unmatched!: number;

  @ApiProperty({ type: [OverviewUnmatched], description: 'Ten at most, newest first.' })
  newestUnmatched!: readonly OverviewUnmatched[];
}
