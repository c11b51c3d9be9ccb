import {
  delivered,
  keepNewest,
  MerchantMetrics,
  MerchantTransactions,
  TokenRefresher,
  type HandlerContext,
  type MerchantHandler,
  type Outcome,
  type TokenUpdatedEvent,
} from '@gateway/merchant-kit';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { MoreThanOrEqual, Repository } from 'typeorm';
import type { CardState } from './card-state.js';
import { Card } from './card.entity.js';

const DELETED: CardState = { state: 'DELETED', expiry: null };

/** Keeps the vault's cards as D1 has them. */
@Injectable()
export class ExampleVaultHandler implements MerchantHandler {
  constructor(
    @InjectRepository(Card) private readonly cards: Repository<Card>,
    private readonly refresher: TokenRefresher<CardState>,
    private readonly transactions: MerchantTransactions,
    private readonly metrics: MerchantMetrics,
  ) {}

  async handle(event: TokenUpdatedEvent, { signal, sequence, logger }: HandlerContext): Promise<Outcome> {
    signal.throwIfAborted();
    const { tokenId } = event.data;
    // A repeat, or old news: D1 need not be asked.
    if (await this.cards.existsBy({ tokenId, sequence: MoreThanOrEqual(sequence) })) return delivered();
    // What goes wrong here is thrown, and the gateway tries again by its schedule.
    const state = (await this.refresher.refresh(event, { signal })) ?? DELETED;
    await this.transactions.run((manager) => keepNewest(manager, Card, { tokenId, sequence, ...state }));
    this.metrics.count('refreshed_total', 1, { state: state.state.toLowerCase() });
    logger.info('refreshed', { state: state.state });
    return delivered();
  }
}
