import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Matches, Max, Min } from 'class-validator';
import { IfGiven } from '../http/request-fields.js';
import { encodeTextCursor } from '../http/text-cursor.js';

const MAX_LIMIT = 500;
const BAD_LIMIT = { message: `$property must be a whole number from 1 to ${MAX_LIMIT}` };

/** Which page of a list that is ordered by name. */
export class NamePageQuery {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: 100 })
  @Type(() => Number)
  @Max(MAX_LIMIT, BAD_LIMIT)
  @Min(1, BAD_LIMIT)
  @IsInt(BAD_LIMIT)
  limit: number = 100;

  @ApiPropertyOptional({ type: String, description: '`nextCursor` of the page before.' })
  @IfGiven()
  @Matches(/^[A-Za-z0-9_-]{1,200}$/, { message: 'cursor is not one that a page has given' })
  cursor?: string;
}

/** A page of at most `limit` items, from one more than that where there are more. */
export function namePageOf<Item>(found: readonly Item[], limit: number, nameOf: (item: Item) => string) {
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? encodeTextCursor(nameOf(last)) : null };
}
