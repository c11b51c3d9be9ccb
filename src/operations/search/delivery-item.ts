import { MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID } from '@gateway/d1-contract';
import { ApiProperty } from '@nestjs/swagger';
import type { DestinationKind } from '../../registry/entities/destination.entity.js';
import { DELIVERY_STATES, type DeliveryState } from '../../tokens/entities/delivery.entity.js';
import { DELIVERY_ID, DESTINATION_NAME, NOTIFICATION_ID } from '../http/identifiers.js';
import { Page } from '../http/page.js';
import { ApiCount, ApiIdentifier, ApiNullable, ApiNullableTime, ApiTime } from '../http/response-fields.js';
import type { AttemptRow, DeliveryRow } from '../repository/delivery-search.repository.js';
import { isoTime, isoTimeOrNull } from './iso-time.js';

export class DeliveryDestination {
  @ApiIdentifier(DESTINATION_NAME)
  name!: string;

  @ApiProperty({
    type: 'string',
    description: '`webhook`, `handler`, or a kind that a team has brought.',
    example: 'webhook',
  })
  kind!: DestinationKind;
}

/** One notification for one destination, and how far it has come. */
export class DeliveryItem {
  @ApiIdentifier(DELIVERY_ID)
  id!: string;

  @ApiIdentifier(NOTIFICATION_ID)
  notificationId!: string;

  @ApiIdentifier(MERCHANT_GATEWAY_ID)
  merchantGatewayId!: string;

  @ApiIdentifier(MERCHANT_ID)
  merchantId!: string;

  @ApiProperty({ type: DeliveryDestination })
  destination!: DeliveryDestination;

  @ApiIdentifier(TOKEN_ID)
  tokenId!: string;

  @ApiProperty({ type: 'integer', minimum: 1, description: 'That of the notification.' })
  sequence!: number;

  @ApiNullable({ type: 'string' }, { description: 'That of the notification; null where the notification is missing.' })
  correlationId!: string | null;

  @ApiProperty({ enum: DELIVERY_STATES })
  state!: DeliveryState;

  @ApiCount('Tries that have ended, since it was last replayed.')
  attempts!: number;

  @ApiTime('While it is pending: not tried before.')
  dueAt!: string;

  @ApiTime('When the notification arrived.')
  createdAt!: string;

  @ApiNullableTime('When it became delivered, dead or cancelled.')
  settledAt!: string | null;

  @ApiNullable({ type: 'string' }, { description: 'Why the last try failed, or why it was cancelled.' })
  lastReason!: string | null;
}

export class DeliveryPage extends Page<DeliveryItem> {
  @ApiProperty({ type: [DeliveryItem], description: 'Newest first.' })
  items!: readonly DeliveryItem[];
}

/** One try of a delivery. */
export class AttemptItem {
  @ApiTime('When it began.')
  startedAt!: string;

  @ApiCount('Milliseconds.')
  durationMs!: number;

  @ApiProperty({ enum: ['delivered', 'retry', 'refused'] })
  outcome!: AttemptRow['outcome'];

  @ApiNullable({ type: 'integer' }, { description: 'Of a webhook that answered.' })
  statusCode!: number | null;

  @ApiNullable({ type: 'string' }, { description: 'Why it did not deliver.' })
  reason!: string | null;
}

/** A delivery with every try of it, those before a replay included. */
export class DeliveryDetail extends DeliveryItem {
  @ApiProperty({ type: [AttemptItem], description: 'Oldest first.' })
  attemptHistory!: readonly AttemptItem[];
}

export function deliveryItem(row: DeliveryRow): Readonly<DeliveryItem> {
  const { id, notificationId, merchantGatewayId, merchantId, tokenId, correlationId, state, lastReason } = row;
  return {
    id,
    notificationId,
    merchantGatewayId,
    merchantId,
    destination: { name: row.destinationName, kind: row.destinationKind },
    tokenId,
    sequence: Number(row.sequence),
    correlationId,
    state,
    attempts: Number(row.attempts),
    dueAt: isoTime(row.dueAtMs),
    createdAt: isoTime(row.createdAtMs),
    settledAt: isoTimeOrNull(row.settledAtMs),
    lastReason,
  };
}

export function attemptItem({ startedAtMs, durationMs, outcome, statusCode, reason }: AttemptRow): AttemptItem {
  return {
    startedAt: isoTime(startedAtMs),
    durationMs: Number(durationMs),
    outcome,
    statusCode: statusCode === null ? null : Number(statusCode),
    reason,
  };
}
