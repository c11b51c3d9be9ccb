import { CORRELATION_ID, MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID } from '@gateway/d1-contract';
import { ApiProperty } from '@nestjs/swagger';
import { NOTIFICATION_ID } from '../http/identifiers.js';
import { Page } from '../http/page.js';
import { ApiIdentifier, ApiNullable, ApiNullableTime, ApiTime } from '../http/response-fields.js';
import { isoTime, isoTimeOrNull } from '../search/iso-time.js';
import type { FailedRow, UnmatchedRow } from './call-search.repository.js';

/** A call of D1 that became no notification, without its payload. */
class CallItem {
  @ApiIdentifier(NOTIFICATION_ID)
  id!: string;

  @ApiIdentifier(MERCHANT_GATEWAY_ID)
  merchantGatewayId!: string;

  @ApiIdentifier(MERCHANT_ID)
  merchantId!: string;

  @ApiIdentifier(TOKEN_ID)
  tokenId!: string;

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

export class UnmatchedItem extends CallItem {
  @ApiProperty({ enum: ['UNKNOWN_MERCHANT', 'UNKNOWN_TOKEN'], description: 'What D1 was told.' })
  reason!: string;
}

export class UnmatchedPage extends Page<UnmatchedItem> {
  @ApiProperty({ type: [UnmatchedItem], description: 'Newest first.' })
  items!: readonly UnmatchedItem[];
}

export class FailedItem extends CallItem {
  @ApiProperty({ type: String, description: 'Why it could not be recorded.' })
  cause!: string;

  @ApiNullableTime('When it was recorded after all.')
  replayedAt!: string | null;
}

export class FailedPage extends Page<FailedItem> {
  @ApiProperty({ type: [FailedItem], description: 'Newest first.' })
  items!: readonly FailedItem[];
}

export function unmatchedItem({ receivedAtMs, ...row }: UnmatchedRow): UnmatchedItem {
  return { ...row, receivedAt: isoTime(receivedAtMs) };
}

export function failedItem({ receivedAtMs, replayedAtMs, cause, ...row }: FailedRow): FailedItem {
  return { ...row, receivedAt: isoTime(receivedAtMs), cause, replayedAt: isoTimeOrNull(replayedAtMs) };
}
