import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { etagOf, includesEtag } from './etag.js';

/** A resource as it is answered, with its entity tag. */
export class Resource<Body extends object> {
  readonly etag: string;

  /**
   * @param created whether it was not there before
   * @param beside goes into this answer and is no part of the resource: what is shown once, or changes by itself
   */
  constructor(
    readonly body: Body,
    readonly created = false,
    readonly beside: object = {},
  ) {
    this.etag = etagOf(body);
  }
}

/** Answers a `Resource`: 201 where it is new, 304 where the caller has it, its `ETag` always. */
@Injectable()
export class ResourceInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      map((result: unknown) => {
        if (!(result instanceof Resource)) return result;
        const { body, etag, created, beside } = result as Resource<object>;
        void reply.header('ETag', etag);
        // What stands beside the resource may be another, though its tag is not.
        const isWhole = Object.keys(beside).length === 0;
        if (request.method === 'GET' && isWhole && includesEtag(request.headers['if-none-match'] ?? '', etag)) {
          void reply.status(304);
          return undefined;
        }
        if (created) void reply.status(201);
        return { ...body, ...beside };
      }),
    );
  }
}
