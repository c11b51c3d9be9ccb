import { CORRELATION_ID, MERCHANT_GATEWAY_ID } from '@gateway/d1-contract';
import { ApiProperty } from '@nestjs/swagger';
import { Page } from '../http/page.js';
import { ApiNullable, ApiTime } from '../http/response-fields.js';
import { isoTime } from '../search/iso-time.js';
import type { AuditRow } from './audit.repository.js';

/** Who changed what, and from where. */
export class AuditItem {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: string;

  @ApiTime('When.')
  at!: string;

  @ApiProperty({ type: String, description: 'The client that did it.', example: 'operator' })
  clientId!: string;

  @ApiProperty({ type: String, description: 'Its address.', example: '192.0.2.7' })
  remoteAddress!: string;

  @ApiProperty({ type: String, pattern: CORRELATION_ID.pattern.source, example: CORRELATION_ID.example })
  correlationId!: string;

  @ApiProperty({ type: String, example: 'merchant.put' })
  action!: string;

  @ApiNullable(
    { type: 'string' },
    { description: 'Null for what concerns the whole deployment.', example: MERCHANT_GATEWAY_ID.example },
  )
  merchantGatewayId!: string | null;

  @ApiProperty({ type: String, description: 'What was changed.', example: '/registry/merchant-gateways/MGW_000001' })
  target!: string;

  @ApiProperty({
    oneOf: [{ type: 'object', additionalProperties: true }, { type: 'null' }],
    description: 'As it was, without secrets; null where it was not there.',
  })
  before!: unknown;

  @ApiProperty({
    oneOf: [{ type: 'object', additionalProperties: true }, { type: 'null' }],
    description: 'As it is now, likewise.',
  })
  after!: unknown;
}

export class AuditPage extends Page<AuditItem> {
  @ApiProperty({ type: [AuditItem], description: 'Newest first.' })
  items!: readonly AuditItem[];
}

export function auditItem({ atMs, before, after, ...row }: AuditRow): AuditItem {
  return { ...row, at: isoTime(atMs), before: parsed(before), after: parsed(after) };
}

function parsed(json: string | null): unknown {
  return json === null ? null : (JSON.parse(json) as unknown);
}
