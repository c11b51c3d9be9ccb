import { Controller, Post, Req, Res } from '@nestjs/common';
import { correlationIdEcho } from '@gateway/d1-contract';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { grantPatience } from '../../../http/patience.js';
import { mediaTypeOf } from '../../../http/request-body.js';
import { CurrentActor, type Actor } from '../../audit/actor.js';
import { ApiOperatorRoute } from '../../http/api-operator-route.decorator.js';
import { InvalidRequest } from '../../operation-errors.js';
import { ApiPath, CurrentPath, type RegistryPath } from '../registry-path.js';
import { OfMerchant, RegistryController } from '../registry-routes.js';
import { csvLines } from './csv-lines.js';
import { ImportReport, ImportReportLine } from './import-report.js';
import { ndjsonLines } from './ndjson-lines.js';
import { TokenImportService } from './token-import.service.js';

const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';

/** Each media type with an example of its own: a line of the other is no id. */
const BODY = {
  required: true,
  description:
    'NDJSON: `{"id": "…"}` in each line. CSV: the ids in the first column, with or without a first line `id`, a record a line.',
  content: {
    [NDJSON]: { schema: { type: 'string' }, example: '{"id":"01fb32ff-5ed0-497f-8835-6af0916f29c0"}\n' },
    [CSV]: { schema: { type: 'string' }, example: 'id\n01fb32ff-5ed0-497f-8835-6af0916f29c0\n' },
  },
} as const;

/** An upload that does not move for so long is broken off. */
const IDLE_MS = 60_000;

@Controller('registry/merchant-gateways/:merchantGatewayId/merchants/:merchantId/tokens/import')
@RegistryController()
export class TokenImportController {
  constructor(private readonly imports: TokenImportService) {}

  @Post()
  @ApiPath(...OfMerchant)
  @ApiExtraModels(ImportReportLine)
  @ApiOperatorRoute({
    tag: 'registry',
    operationId: 'importTokens',
    summary: 'Register many tokens',
    description:
      'As many as come; they are registered as they come, and the answer says line by line how far it has come and which lines were passed over. Done again, it changes nothing.',
    body: BODY,
    answer: 'A report in NDJSON; the last line says whether all is well.',
    refusals: {
      400: `Content-Type is neither ${NDJSON} nor ${CSV}`,
      404: 'There is no such merchant',
    },
  })
  @ApiResponse({
    status: 200,
    description: 'A report in NDJSON; the last line says whether all is well.',
    headers: correlationIdEcho,
    content: { [NDJSON]: { schema: { $ref: getSchemaPath(ImportReportLine) } } },
  })
  async run(
    @CurrentPath() path: RegistryPath,
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const lines = linesOf(request);
    await this.imports.assertAllowed(path, actor);
    const { raw } = reply;
    // Taken out of Fastify's hands: it would do away with the body as soon as the answer begins.
    reply.hijack();
    const end = grantPatience(request.raw.socket);
    request.raw.setTimeout(IDLE_MS, () => request.raw.destroy());
    raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), 'Content-Type': NDJSON });
    raw.flushHeaders();
    // Bounded (import-report.ts), so that a caller may read the answer when it has sent everything.
    await this.imports.run(path, lines, new ImportReport((line) => raw.write(`${JSON.stringify(line)}\n`)), actor);
    end();
    raw.end();
  }
}

function linesOf({ raw }: FastifyRequest): ReturnType<typeof ndjsonLines> {
  const type = mediaTypeOf(raw);
  if (type === NDJSON) return ndjsonLines(raw);
  if (type === CSV) return csvLines(raw);
  throw new InvalidRequest(`Content-Type is neither ${NDJSON} nor ${CSV}`);
}
