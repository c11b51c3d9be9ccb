import { CORRELATION_ID, MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID } from '@gateway/d1-contract';
import { ApiProperty } from '@nestjs/swagger';
import { NOTIFICATION_ID } from '../http/identifiers.js';
import { Page } from '../http/page.js';
import { ApiIdentifier, ApiNullable, ApiTime } from '../http/response-fields.js';
import type { NotificationRow } from '../repository/notification-search.repository.js';
import { isoTime } from './iso-time.js';

/** An accepted notification, without its payload. */
export class NotificationItem {
  @ApiIdentifier(NOTIFICATION_ID)
  id!: string;

  @ApiIdentifier(MERCHANT_GATEWAY_ID)
  merchantGatewayId!: string;

  @ApiIdentifier(MERCHANT_ID)
  merchantId!: string;

  @ApiIdentifier(TOKEN_ID)
  tokenId!: string;

  @ApiProperty({
    type: 'integer',
    minimum: 1,
    description: 'Grows in the order of acceptance: of two updates of a token, the one with the higher is newer.',
  })
  sequence!: number;

  @ApiIdentifier(CORRELATION_ID)
  correlationId!: string;

  @ApiNullable(
    { type: 'string' },
    { description: 'The client that called; null where D1 is not authenticated by OAuth.' },
  )
  clientId!: string | null;

  @ApiTime('When it arrived.')
  receivedAt!: string;
}

export class NotificationPage extends Page<NotificationItem> {
  @ApiProperty({ type: [NotificationItem], description: 'Newest first.' })
  items!: readonly NotificationItem[];
}

export function notificationItem({ sequence, receivedAtMs, ...row }: NotificationRow): NotificationItem {
  return { ...row, sequence: Number(sequence), receivedAt: isoTime(receivedAtMs) };
}
