import { JsonBody, MerchantModule } from '@gateway/merchant-kit';
import { startTestGateway, type TestGateway } from '@gateway/merchant-kit/testing';
import {
  Controller,
  Injectable,
  Module,
  Post,
  UnauthorizedException,
  UseGuards,
  type CanActivate,
} from '@nestjs/common';
import { Type as Typed } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { send } from '../../support/http.js';

class CardOrder {
  @Matches(/^token-\d+$/)
  tokenId!: string;

  @IsOptional()
  @Typed(() => Number)
  @Max(9)
  @IsInt()
  copies?: number;
}

@Injectable()
class OfAcme implements CanActivate {
  canActivate(context: Parameters<CanActivate['canActivate']>[0]): boolean {
    if (context.switchToHttp().getRequest<FastifyRequest>().headers.authorization !== 'Acme') {
      throw new UnauthorizedException();
    }
    return true;
  }
}

@Controller('orders')
@UseGuards(OfAcme)
class OrdersController {
  @Post()
  order(@JsonBody(CardOrder, { maxBytes: 64 }) order: CardOrder): object {
    return { order, isOrder: order instanceof CardOrder };
  }
}

@Module({ imports: [MerchantModule.register({ team: 'acme', kit: '^1.0' })], controllers: [OrdersController] })
class AcmeModule {}

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ merchants: [AcmeModule] });
});
afterAll(() => gateway.close());

const JSON_TYPE = { 'content-type': 'application/json', authorization: 'Acme' };
const order = (body: string, headers: Record<string, string> = JSON_TYPE): ReturnType<typeof send> =>
  send(gateway.url, '/merchants/acme/orders', { method: 'POST', headers, body });

describe('a team’s controller with @JsonBody', () => {
  it('gets what it is sent, by its own rules', async () => {
    const answer = await order('{"tokenId":"token-1","copies":2}');

    expect([answer.status, answer.json()]).toEqual([201, { order: { tokenId: 'token-1', copies: 2 }, isOrder: true }]);
  });

  it.each([
    ['{"tokenId":"card"}', 'tokenId must match /^token-\\d+$/ regular expression'],
    ['{"tokenId":"token-1","copies":10}', 'copies must not be greater than 9'],
    ['{"tokenId":"token-1","price":1}', 'price is not known'],
    ['{"tokenId":"token-1","__proto__":{"a":1}}', '__proto__ is not known'],
    ['{"tokenId":', 'body is not a JSON object'],
    ['[]', 'body is not a JSON object'],
    ['', 'body is not a JSON object'],
    [`{"tokenId":"token-${'1'.repeat(64)}"}`, 'body is larger than 64 bytes'],
  ])('refuses %s, and tells why as a problem', async (body, detail) => {
    const answer = await order(body);

    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect([answer.status, answer.json()]).toEqual([
      400,
      { type: 'about:blank', title: 'Bad Request', status: 400, detail },
    ]);
  });

  it('refuses what is no JSON', async () => {
    const answer = await order('tokenId=token-1', { ...JSON_TYPE, 'content-type': 'text/plain' });

    expect([answer.status, answer.json<{ detail: string }>().detail]).toEqual([
      400,
      'Content-Type is not application/json',
    ]);
  });

  it('does not read it before the team’s guard has let its sender in', async () => {
    const answer = await order('{"tokenId":"card"}', { 'content-type': 'application/json' });

    expect(answer.status).toBe(401);
  });
});
