// Rules and documentation of a request's fields, each in one place.
import { applyDecorators } from '@nestjs/common';
import type { Identifier } from '@gateway/d1-contract';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsISO8601, Matches, ValidateIf } from 'class-validator';

/** Unlike `IsOptional`, it lets no null pass. */
export const IfGiven = (): PropertyDecorator => ValidateIf((_request, value) => value !== undefined);

const matches = (pattern: RegExp): PropertyDecorator =>
  Matches(pattern, { message: '$property is not in the expected format' });

const documented = ({ pattern, description, example }: Identifier) => ({
  type: String,
  pattern: pattern.source,
  description,
  example,
});

export const IsIdentifier = (identifier: Identifier): PropertyDecorator =>
  applyDecorators(ApiProperty(documented(identifier)), matches(identifier.pattern));

export const IsOptionalIdentifier = (identifier: Identifier): PropertyDecorator =>
  applyDecorators(ApiPropertyOptional(documented(identifier)), IfGiven(), matches(identifier.pattern));

/** RFC 3339, section 5.6: a date and a time with their offset. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;
const NO_INSTANT = { message: '$property must be a date and time with its offset, as 2026-11-23T14:00:00Z' };

export const IsOptionalInstant = (description: string): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: String, format: 'date-time', description, example: '2026-11-23T14:00:00Z' }),
    IfGiven(),
    IsISO8601({ strict: true }, NO_INSTANT),
    Matches(INSTANT, NO_INSTANT),
  );

/** Of an `IsOptionalInstant`. */
export function msOf(instant: string | undefined): number | undefined {
  return instant === undefined ? undefined : Date.parse(instant);
}

const isOneOf = (values: readonly string[]): PropertyDecorator =>
  IsIn(values, { message: `$property is not one of ${values.join(', ')}` });

export const IsOneOf = (values: readonly string[], description: string): PropertyDecorator =>
  applyDecorators(ApiProperty({ enum: values, description }), isOneOf(values));

export const IsOptionalOneOf = (values: readonly string[], description: string): PropertyDecorator =>
  applyDecorators(ApiPropertyOptional({ enum: values, description }), IfGiven(), isOneOf(values));
