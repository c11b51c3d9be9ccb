import { Injectable, NotFoundException } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { Notification, Token } from './entities.js';
import type { NotifyUpdateParams } from './notify-update.params.js';

@Injectable()
export class NotificationsService {
  constructor(
    @InjectRepository(Token) private readonly tokens: Repository<Token>,
    @InjectRepository(Notification) private readonly notifications: Repository<Notification>,
  ) {}

  async accept(params: NotifyUpdateParams, correlationId?: string): Promise<void> {
    const { merchantGatewayId, merchantId, tokenId } = params;
    const token = await this.tokens.findOneBy({ merchantGatewayId, merchantId, id: tokenId });
    if (!token) throw new NotFoundException();
    await this.notifications.save(
      this.notifications.create({ merchantGatewayId, merchantId, tokenId, ...(correlationId && { correlationId }) }),
    );
  }
}
