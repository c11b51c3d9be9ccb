import { encodeCursor } from './cursor.js';
import { ApiNullable } from './response-fields.js';

export abstract class Page<Item> {
  abstract items: readonly Item[];

  @ApiNullable(
    { type: 'string' },
    {
      description: '`cursor` of the next page; null on the last one.',
      example: 'AZNqPnwAcACAAAEjRWeJqw',
    },
  )
  nextCursor!: string | null;
}

/** A page of at most `limit` items, from one more than that where there are more. */
export function pageOf<Item extends { readonly id: string }>(found: readonly Item[], limit: number): Page<Item> {
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last ? encodeCursor(last.id) : null };
}
