import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Matches, Max, Min } from 'class-validator';
import { InvalidRequest } from '../operation-errors.js';
import { CURSOR_PATTERN, decodeCursor } from './cursor.js';
import { IfGiven } from './request-fields.js';

const MAX_LIMIT = 500;
const DEFAULT_LIMIT = 100;
const BAD_LIMIT = { message: `$property must be a whole number from 1 to ${MAX_LIMIT}` };
const BAD_CURSOR = 'cursor is not one that a page has given';

/** Which page of a list. */
export class PageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT })
  @Type(() => Number)
  @Max(MAX_LIMIT, BAD_LIMIT)
  @Min(1, BAD_LIMIT)
  @IsInt(BAD_LIMIT)
  limit: number = DEFAULT_LIMIT;

  @ApiPropertyOptional({
    type: String,
    pattern: CURSOR_PATTERN.source,
    description: '`nextCursor` of the page before; the filters stay the same.',
  })
  @IfGiven()
  @Matches(CURSOR_PATTERN, { message: BAD_CURSOR })
  cursor?: string;
}

/** Where a page begins: what follows is older than this id. */
export function olderThan({ cursor }: PageQuery): string | undefined {
  if (cursor === undefined) return undefined;
  const id = decodeCursor(cursor);
  if (id === undefined) throw new InvalidRequest(BAD_CURSOR);
  return id;
}
