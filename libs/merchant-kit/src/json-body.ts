import {
  createParamDecorator,
  Inject,
  Injectable,
  type ExecutionContext,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { MerchantHost } from './merchant-host.js';

/** How {@link JsonBody} reads. */
export interface JsonBodyOptions {
  /** In bytes; what is larger is refused without being read. Default: 16 KiB. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 16 * 1024;

/**
 * The JSON object that a team's controller is sent: Nest's `@Body()` is empty, since the gateway reads no body before the
 * guards have let its sender in. It is read after them, and checked by class-validator's rules; what they do not know is
 * refused. What is wrong with it is told as a problem (RFC 9457), status 400, and the method is not called.
 *
 * @param dto - a class with class-validator's rules
 * @param options - how much is read
 *
 * @example
 * ```ts
 * \@Post()
 * order(\@JsonBody(CardOrder, { maxBytes: 1024 }) { tokenId }: CardOrder): object {
 *   return { ordered: tokenId };
 * }
 * ```
 */
export function JsonBody(dto: Type<object>, options: JsonBodyOptions = {}): ParameterDecorator {
  const { maxBytes = DEFAULT_MAX_BYTES } = options;

  @Injectable()
  class JsonBodyPipe implements PipeTransform<IncomingMessage, Promise<object>> {
    constructor(@Inject(MerchantHost) private readonly host: MerchantHost) {}

    transform(request: IncomingMessage): Promise<object> {
      return this.host.readJson(request, dto, maxBytes);
    }
  }
  return Request(JsonBodyPipe);
}

const Request = createParamDecorator(
  (_data: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<{ readonly raw: IncomingMessage }>().raw,
);
