import { MERCHANT_GATEWAY_ID, MERCHANT_ID } from '@gateway/d1-contract';
import { ApiProperty } from '@nestjs/swagger';
import { DESTINATION_NAME } from '../http/identifiers.js';
import { IsIdentifier, IsOneOf, IsOptionalIdentifier, IsOptionalInstant } from '../http/request-fields.js';
import type { SettledState } from '../repository/replay.repository.js';

const SETTLED_STATES = ['dead', 'cancelled', 'delivered'] as const satisfies readonly SettledState[];

/** Which deliveries are to be sent again. */
export class BulkReplayRequest {
  @IsIdentifier(MERCHANT_GATEWAY_ID)
  merchantGatewayId!: string;

  @IsOptionalIdentifier(MERCHANT_ID)
  merchantId?: string;

  @IsOptionalIdentifier(DESTINATION_NAME)
  destination?: string;

  @IsOneOf(SETTLED_STATES, 'The state they are in.')
  state!: SettledState;

  @IsOptionalInstant('Made then or later.')
  createdFrom?: string;

  @IsOptionalInstant('Made before.')
  createdTo?: string;
}

export class BulkReplayResult {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'How many are pending again.', example: 42 })
  replayed!: number;
}
