// Documentation that the registry's routes share.
import { correlationIdEcho, MERCHANT_GATEWAY_ID, MERCHANT_ID } from '@gateway/d1-contract';
import { applyDecorators, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import { OperatorGuard } from '../../auth/operator.guard.js';
import { ApiOperatorRoute, type OperatorRoute } from '../http/api-operator-route.decorator.js';
import { ResourceInterceptor } from '../http/resource.js';
import { ProblemFilter } from '../problem.filter.js';

export const OfGateway = [MERCHANT_GATEWAY_ID] as const;
export const OfMerchant = [MERCHANT_GATEWAY_ID, MERCHANT_ID] as const;

/** What surrounds every controller of the registry. */
export const RegistryController = (): ClassDecorator =>
  applyDecorators(UseGuards(OperatorGuard), UseFilters(ProblemFilter), UseInterceptors(ResourceInterceptor));

const registry = { tag: 'registry' } as const;

export const ApiRegistryList = (
  route: Pick<OperatorRoute, 'operationId' | 'summary' | 'type'>,
  what?: string,
): MethodDecorator =>
  ApiOperatorRoute({
    ...registry,
    ...route,
    description: 'Page by page.',
    answer: 'A page of them.',
    reads: true,
    refusals: {
      400: 'limit must be a whole number from 1 to 500',
      ...(what !== undefined && { 404: `There is no such ${what}` }),
    },
  });

export const ApiRegistryGet = (operationId: string, type: new () => object, what: string): MethodDecorator =>
  applyDecorators(
    ApiOperatorRoute({
      ...registry,
      operationId,
      type,
      summary: `Read a ${what}`,
      description: 'With `If-None-Match`, 304 where it has not changed.',
      answer: 'As it is.',
      reads: true,
      hasEtag: true,
      refusals: { 404: `There is no such ${what}` },
    }),
    ApiResponse({ status: 304, description: 'It has not changed.', headers: correlationIdEcho }),
  );

export const ApiRegistryPut = (
  operationId: string,
  type: new () => object,
  what: string,
  description: string,
): MethodDecorator =>
  applyDecorators(
    ApiOperatorRoute({
      ...registry,
      operationId,
      type,
      summary: `Make a ${what}, or change it`,
      description: `Done again, it changes nothing. ${description}`.trim(),
      answer: 'As it is now.',
      created: 'It was not there before.',
      hasEtag: true,
      refusals: {
        400: 'name must be a text of 1 to 200 characters',
        404: 'There is no such merchant gateway',
        412: 'It has changed meanwhile',
      },
    }),
    ...conditional,
  );

export const ApiRegistryDelete = (
  operationId: string,
  what: string,
  conflict?: string,
  description = '',
): MethodDecorator =>
  applyDecorators(
    ApiOperatorRoute({
      ...registry,
      operationId,
      status: 204,
      summary: `Delete a ${what}`,
      description,
      answer: 'It is gone.',
      refusals: {
        404: `There is no such ${what}`,
        ...(conflict !== undefined && { 409: conflict }),
        412: 'It has changed meanwhile',
      },
    }),
    ...conditional,
  );

/** RFC 9110, section 13.1. */
const conditional = [
  ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'Only if it is still as this `ETag` says; `*`: only if it is there.',
    schema: { type: 'string' },
  }),
  ApiHeader({
    name: 'If-None-Match',
    required: false,
    description: '`*`: only if it is not there.',
    schema: { type: 'string' },
  }),
];
