import { MERCHANT_GATEWAY_ID, MERCHANT_ID } from '@gateway/d1-contract';
import { ApiProperty } from '@nestjs/swagger';
import type { BreakerState } from '../../delivery/dispatcher/circuit.js';
import { DESTINATION_KINDS, type DestinationKind } from '../../registry/entities/destination.entity.js';
import { DESTINATION_ID, DESTINATION_NAME } from '../http/identifiers.js';
import { ApiCount, ApiIdentifier, ApiNullableTime } from '../http/response-fields.js';
import { NamePage } from '../registry/registry-bodies.js';
import { isoTimeOrNull } from '../search/iso-time.js';
import type { DestinationBacklog } from './backlogs.repository.js';

const DESTINATION_STATES = ['active', 'paused', 'disabled'] as const;
const BREAKER_STATES = ['closed', 'open', 'half_open', 'unknown'] as const;

/** A destination, and whether updates reach it. */
export class DestinationStateItem {
  @ApiIdentifier(DESTINATION_ID)
  id!: string;

  @ApiIdentifier(MERCHANT_GATEWAY_ID)
  merchantGatewayId!: string;

  @ApiIdentifier(MERCHANT_ID)
  merchantId!: string;

  @ApiProperty({ type: String, example: 'Example shop' })
  merchantName!: string;

  @ApiIdentifier(DESTINATION_NAME)
  name!: string;

  @ApiProperty({ enum: DESTINATION_KINDS })
  kind!: DestinationKind;

  @ApiProperty({
    enum: DESTINATION_STATES,
    description: 'Paused, its deliveries wait; disabled, it is given none any more.',
  })
  state!: (typeof DESTINATION_STATES)[number];

  @ApiNullableTime('Since when an operator keeps its deliveries waiting.')
  pausedAt!: string | null;

  @ApiNullableTime('Since when it is given nothing.')
  disabledAt!: string | null;

  @ApiProperty({
    enum: BREAKER_STATES,
    description: 'Of the instance that answers; unknown where that has not delivered to it lately.',
  })
  breaker!: (typeof BREAKER_STATES)[number];

  @ApiCount('Deliveries that wait; counted up to 10000.')
  pending!: number;

  @ApiNullableTime('When the oldest of them arrived.')
  oldestPendingAt!: string | null;

  @ApiCount('Deliveries given up; counted up to 10000.')
  dead!: number;
}

export class DestinationStatePage extends NamePage<DestinationStateItem> {
  @ApiProperty({ type: [DestinationStateItem], description: 'In the order of merchant gateway, merchant and name.' })
  items!: readonly DestinationStateItem[];
}

export function destinationStateItem(row: DestinationBacklog, breaker: BreakerState | undefined): DestinationStateItem {
  const { id, merchantGatewayId, merchantId, merchantName, name, kind, pending, dead } = row;
  return {
    id,
    merchantGatewayId,
    merchantId,
    merchantName,
    name,
    kind,
    state: stateOf(row),
    pausedAt: isoTimeOrNull(row.pausedAtMs),
    disabledAt: isoTimeOrNull(row.disabledAtMs),
    breaker: breaker ?? 'unknown',
    pending,
    oldestPendingAt: isoTimeOrNull(row.oldestPendingAtMs),
    dead,
  };
}

function stateOf({ disabledAtMs, pausedAtMs }: DestinationBacklog): DestinationStateItem['state'] {
  if (disabledAtMs !== null) return 'disabled';
  return pausedAtMs === null ? 'active' : 'paused';
}
