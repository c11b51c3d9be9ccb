import { applyDecorators } from '@nestjs/common';
import { bearerChallenge, correlationIdEcho, retryAfter, Scope } from '@gateway/d1-contract';
import {
  ApiExtraModels,
  ApiOAuth2,
  ApiOperation,
  ApiResponse,
  ApiTags,
  getSchemaPath,
  type ApiOperationOptions,
  type ApiResponseOptions,
} from '@nestjs/swagger';
import type { DomainError } from '../../errors/domain-error.js';
import { Problem, PROBLEM_MEDIA_TYPE, problemOf } from './problem.js';

export interface OperatorRoute {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  /** For what `ApiBody` cannot say: it has one example for all media types. */
  readonly body?: ApiOperationOptions['requestBody'];
  /** The answer when all is well. */
  readonly status?: 200 | 201 | 202 | 204;
  /** Without it the answer is empty. */
  readonly type?: new () => object;
  readonly answer: string;
  /** When it answers 201 as well, since it was not there before. */
  readonly created?: string;
  /** Whether it changes nothing, and so is for readers, too. */
  readonly reads?: boolean;
  /** Whether the answer has an entity tag. */
  readonly hasEtag?: boolean;
  readonly tag?: string;
  /** When it is refused, besides 401; the text is the example's detail. */
  readonly refusals: Readonly<Partial<Record<400 | 404 | 409 | 412, string>>>;
}

/** Documents a route of the operators', answer by answer. */
export function ApiOperatorRoute(route: OperatorRoute): MethodDecorator {
  const { operationId, summary, description, status = 200, type, answer, created, refusals } = route;
  const headers = { ...correlationIdEcho, ...(route.hasEtag && etag) };
  const body = type ? { type } : {};
  return applyDecorators(
    ApiTags(route.tag ?? 'operations'),
    ApiOperation({ operationId, summary, description, requestBody: route.body }),
    ApiOAuth2([Scope.Operate], 'clientCredentials'),
    ...(route.reads ? [ApiOAuth2([Scope.Read], 'clientCredentials')] : []),
    ApiExtraModels(Problem),
    ApiResponse({ status, ...body, description: answer, headers }),
    ...(created === undefined ? [] : [ApiResponse({ status: 201, ...body, description: created, headers })]),
    ...([400, 404, 409, 412] as const).flatMap((refusal) => {
      const detail = refusals[refusal];
      return detail === undefined ? [] : [ApiResponse(problem(refusal, DESCRIPTIONS[refusal], detail))];
    }),
    ApiResponse(problem(401, DESCRIPTIONS[401], 'The access token is missing or not valid', bearerChallenge)),
    ApiResponse(problem(503, DESCRIPTIONS[503], 'Not able to answer now', retryAfter)),
  );
}

const etag: typeof correlationIdEcho = {
  ETag: { description: 'For `If-Match`.', schema: { type: 'string', pattern: '^"[A-Za-z0-9_-]{22}"$' } },
};

const DESCRIPTIONS = {
  400: 'The first fault of the query or the body.',
  401: 'No access token, one that is not valid, or one without the scope.',
  404: 'It is not there, or belongs to another merchant gateway than the caller’s.',
  409: 'It cannot be done as things are.',
  412: 'It is not as `If-Match` or `If-None-Match` says.',
  503: 'Cannot answer now.',
} as const;

function problem(
  status: DomainError['status'],
  description: string,
  detail: string,
  headers: typeof correlationIdEcho = {},
): ApiResponseOptions {
  const example = problemOf({ status, message: detail });
  return {
    status,
    description,
    headers: { ...correlationIdEcho, ...headers },
    content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: getSchemaPath(Problem) }, example } },
  };
}
