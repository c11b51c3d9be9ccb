import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Repository } from 'typeorm';
import { ConfigurationError } from '../../../config/load-config.js';
import { Destination } from '../../../registry/entities/destination.entity.js';
import { HandlerRegistry } from './handler-registry.js';

/** Refuses to start where a destination names a handler that nobody provides: its updates would pile up unseen. */
@Injectable()
export class HandlerCheck implements OnApplicationBootstrap {
  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly handlers: HandlerRegistry,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const wanted = await this.destinations.findBy({ kind: 'handler', disabledAtMs: IsNull() });
    const missing = wanted.find(({ handler }) => !this.handlers.find(handler ?? ''));
    if (!missing) return;
    const { merchantGatewayId, merchantId, name, handler } = missing;
    throw new ConfigurationError(
      `Destination ${name} of merchant ${merchantGatewayId}/${merchantId} wants the handler ${handler}, which no module provides`,
    );
  }
}
