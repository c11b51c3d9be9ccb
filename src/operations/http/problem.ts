import { ApiProperty } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';
import type { DomainError } from '../../errors/domain-error.js';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** What went wrong (RFC 9457). */
export class Problem {
  @ApiProperty({ enum: ['about:blank'], description: 'The status says it all (RFC 9457, section 4.2.1).' })
  type!: 'about:blank';

  @ApiProperty({ type: String, description: 'The phrase of the status.', example: 'Bad Request' })
  title!: string;

  @ApiProperty({ type: 'integer', example: 400 })
  status!: number;

  @ApiProperty({
    type: String,
    description: 'For people; may change.',
    example: 'limit must be a whole number from 1 to 500',
  })
  detail!: string;
}

export function problemOf({ status, message }: Pick<DomainError, 'status' | 'message'>): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail: message };
}
