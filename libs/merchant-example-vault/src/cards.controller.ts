import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Card } from './card.entity.js';

/** How many cards are in which state. */
export class CardCount {
  @ApiProperty({ example: 'ACTIVE' })
  state!: string;

  @ApiProperty({ type: 'integer' })
  cards!: number;
}

/** `GET /merchants/example-vault/cards`. It tells no token. */
@Controller('cards')
@ApiTags('example-vault')
export class CardsController {
  constructor(@InjectRepository(Card) private readonly cards: Repository<Card>) {}

  @Get()
  @ApiOperation({ operationId: 'exampleVaultCountCards', summary: 'How many cards the vault has, by state' })
  @ApiOkResponse({ type: [CardCount] })
  async count(): Promise<CardCount[]> {
    const rows = await this.cards
      .createQueryBuilder('card')
      .select('card.state', 'state')
      .addSelect('count(*)', 'cards')
      .groupBy('card.state')
      .orderBy('card.state')
      .getRawMany<{ state: string; cards: string | number }>();
    return rows.map(({ state, cards }) => ({ state, cards: Number(cards) }));
  }
}
