import type { ApiParamOptions } from '@nestjs/swagger';
import { DELIVERY_ID } from './identifiers.js';

/** The delivery of a path. Whatever is no id is the id of nothing: 404, not 400. */
export const pathId: ApiParamOptions = {
  name: DELIVERY_ID.name,
  description: DELIVERY_ID.description,
  schema: { type: 'string', pattern: DELIVERY_ID.pattern.source, example: DELIVERY_ID.example },
};
