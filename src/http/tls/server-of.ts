import type { AbstractHttpAdapter, HttpAdapterHost } from '@nestjs/core';

/** Nothing in an application context: a tool serves nothing, whatever Nest's type of the host says. */
export function serverOf(host: HttpAdapterHost): unknown {
  const adapter = host.httpAdapter as AbstractHttpAdapter | null | undefined;
  return adapter?.getHttpServer();
}
