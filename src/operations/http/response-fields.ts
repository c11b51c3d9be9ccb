// Documentation of an answer's fields.
import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import type { Identifier } from '@gateway/d1-contract';

const TIME = { type: String, format: 'date-time', example: '2026-11-23T14:00:00.000Z' } as const;

export const ApiIdentifier = ({ pattern, description, example }: Identifier): PropertyDecorator =>
  ApiProperty({ type: String, pattern: pattern.source, description, example });

export const ApiTime = (description: string): PropertyDecorator => ApiProperty({ ...TIME, description });

/** OpenAPI 3.1 would rather have a list of types, which the library takes for an array. */
export const ApiNullable = (schema: { type: 'string' | 'integer'; format?: string }, options: ApiPropertyOptions) =>
  ApiProperty({ ...options, oneOf: [schema, { type: 'null' }] });

export const ApiNullableTime = (description: string): PropertyDecorator =>
  ApiNullable({ type: 'string', format: TIME.format }, { description, example: TIME.example });

export const ApiCount = (description: string): PropertyDecorator =>
  ApiProperty({ type: 'integer', minimum: 0, description, example: 0 });
