import { createParamDecorator, Injectable, type ExecutionContext, type PipeTransform } from '@nestjs/common';
import { CORRELATION_ID, MAX_PAYLOAD_BYTES, NotifyUpdateParams } from '@gateway/d1-contract';
import type { FastifyRequest } from 'fastify';
import { GatewayConfig } from '../config/gateway-config.js';
import { FieldInvalidFormat } from '../errors/common-errors.js';
import { compileRules } from '../http/compiled-rules.js';
import { receivedCorrelationId } from '../http/correlation-id.js';
import { maskPanInJson } from '../privacy/mask-pan.js';
import { decodeUtf8, hasBody, mediaTypeOf, readBody, TOO_LARGE } from '../http/request-body.js';

/** A notify-update request that is in D1's format. */
export interface NotifyUpdateCall extends Readonly<NotifyUpdateParams> {
  readonly correlationId: string;
  readonly payload: string | null;
}

/** The rules of the path ids. */
export const findFault = compileRules(NotifyUpdateParams);

/** Checks a request against D1's format, in the contract's order; the first field at fault is named. */
@Injectable()
export class NotifyUpdateCallPipe implements PipeTransform<
  FastifyRequest,
  NotifyUpdateCall | Promise<NotifyUpdateCall>
> {
  constructor(private readonly config: GatewayConfig) {}

  transform(request: FastifyRequest): NotifyUpdateCall | Promise<NotifyUpdateCall> {
    const params = request.params as NotifyUpdateParams;
    const fault = findFault(params);
    if (fault) throw new FieldInvalidFormat(fault.message);
    this.checkCorrelationId(request);
    const { merchantGatewayId, merchantId, tokenId } = params;
    const call = { merchantGatewayId, merchantId, tokenId, correlationId: request.id, payload: null };
    return hasBody(request.raw) ? readJson(request).then((payload) => ({ ...call, payload })) : call;
  }

  private checkCorrelationId({ raw }: FastifyRequest): void {
    const { state } = receivedCorrelationId(raw);
    if (state === 'malformed') throw new FieldInvalidFormat(`${CORRELATION_ID.name} is not in the expected format`);
    if (state === 'absent' && this.config.intake.correlationIdRequired) {
      throw new FieldInvalidFormat(`${CORRELATION_ID.name} is missing`);
    }
  }
}

/** The request at hand, checked. */
export const CheckedCall = (): ParameterDecorator =>
  createParamDecorator((_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<FastifyRequest>(),
  )(NotifyUpdateCallPipe);

/** D1 documents no body, so whatever is not JSON is none of ours and stays unread. */
async function readJson({ raw }: FastifyRequest): Promise<string | null> {
  if (mediaTypeOf(raw) !== 'application/json') return null;
  const bytes = await readBody(raw, MAX_PAYLOAD_BYTES);
  if (bytes === TOO_LARGE) throw new FieldInvalidFormat(`body is larger than ${MAX_PAYLOAD_BYTES} bytes`);
  if (bytes.length === 0) return null;
  const text = decodeUtf8(bytes);
  if (text === undefined || !isJson(text)) throw new FieldInvalidFormat('body is not well-formed JSON');
  return maskPanInJson(text);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
