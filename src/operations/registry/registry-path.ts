import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID, type Identifier } from '@gateway/d1-contract';
import { ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { DESTINATION_NAME } from '../http/identifiers.js';
import { InvalidRequest, NotFound } from '../operation-errors.js';

/** The ids of a path below `/registry/merchant-gateways`; a route has as many as it has. */
export interface RegistryPath {
  readonly merchantGatewayId: string;
  readonly merchantId: string;
  readonly tokenId: string;
  readonly destination: string;
}

export type DestinationPath = Pick<RegistryPath, 'merchantGatewayId' | 'merchantId' | 'destination'>;

const IDENTIFIERS: readonly (readonly [Identifier, string])[] = [
  [MERCHANT_GATEWAY_ID, 'merchant gateway'],
  [MERCHANT_ID, 'merchant'],
  [TOKEN_ID, 'token'],
  [DESTINATION_NAME, 'destination'],
];

/** The path's ids, checked. What is to be made must have an id in the format; whatever else is no id is the id of nothing. */
export const CurrentPath = createParamDecorator((_data: unknown, context: ExecutionContext): RegistryPath => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const params = request.params as Readonly<Record<string, string>>;
  for (const [{ name, pattern }, what] of IDENTIFIERS) {
    const value = params[name];
    if (value === undefined || pattern.test(value)) continue;
    if (request.method === 'PUT') throw new InvalidRequest(`${name} is not in the expected format`);
    throw new NotFound(what);
  }
  return params as unknown as RegistryPath;
});

/** Documents the ids of a path. */
export const ApiPath = (...identifiers: readonly Identifier[]): MethodDecorator =>
  applyDecorators(
    ...identifiers.map(({ name, pattern, description, example }) =>
      ApiParam({ name, description, schema: { type: 'string', pattern: pattern.source, example } }),
    ),
  );

export function gatewayTarget({ merchantGatewayId }: Pick<RegistryPath, 'merchantGatewayId'>): string {
  return `/registry/merchant-gateways/${merchantGatewayId}`;
}

export function merchantTarget(path: Pick<RegistryPath, 'merchantGatewayId' | 'merchantId'>): string {
  return `${gatewayTarget(path)}/merchants/${path.merchantId}`;
}
