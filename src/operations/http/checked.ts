import { createParamDecorator, Query, type ExecutionContext, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { decodeUtf8, mediaTypeOf, readBody, TOO_LARGE } from '../../http/request-body.js';
import { unfitPart } from '../../http/unfit-part.js';
import { InvalidRequest } from '../operation-errors.js';

const MAX_BODY_BYTES = 16 * 1024;

/** The query of the request at hand, checked. What is not known is refused: a mistyped filter must not find everything. */
export const CheckedQuery = (dto: Type<object>): ParameterDecorator =>
  Query({ transform: (value: object) => checked(dto, { ...value }) } satisfies PipeTransform);

/** The JSON body of the request at hand, checked likewise. */
export const CheckedBody = (dto: Type<object>): ParameterDecorator =>
  createParamDecorator((_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<FastifyRequest>(),
  )({
    transform: ({ raw }: FastifyRequest) => checkedJson(dto, raw, MAX_BODY_BYTES),
  } satisfies PipeTransform);

/** @throws InvalidRequest naming the first thing at fault */
export async function checkedJson<T extends object>(
  dto: Type<T>,
  request: IncomingMessage,
  maxBytes: number,
): Promise<T> {
  return checked(dto, await readJson(request, maxBytes));
}

/** @throws InvalidRequest naming the first field at fault */
export async function checked<T extends object>(dto: Type<T>, value: object): Promise<T> {
  const unfit = unfitPart(value);
  if (unfit) throw new InvalidRequest(`${unfit.path.at(-1)} ${unfit.problem}`);
  const request = plainToInstance(dto, value, { exposeDefaultValues: true });
  const [first] = await validate(request, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true });
  if (!first) return request;
  const [rule, message] = Object.entries(first.constraints ?? {})[0] ?? ['', `${first.property} is not valid`];
  throw new InvalidRequest(rule === 'whitelistValidation' ? `${first.property} is not known` : message);
}

async function readJson(request: IncomingMessage, maxBytes: number): Promise<object> {
  if (mediaTypeOf(request) !== 'application/json') throw new InvalidRequest('Content-Type is not application/json');
  const bytes = await readBody(request, maxBytes);
  if (bytes === TOO_LARGE) throw new InvalidRequest(`body is larger than ${maxBytes} bytes`);
  const value = parse(decodeUtf8(bytes) ?? '');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidRequest('body is not a JSON object');
  }
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
