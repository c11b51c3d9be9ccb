import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { IsNull, Not, Repository } from 'typeorm';
import { GatewayConfig } from '../../../config/gateway-config.js';
import { ConfigurationError } from '../../../config/load-config.js';
import { DestinationKinds } from '../../../registry/destination-kinds.js';
import { Destination } from '../../../registry/entities/destination.entity.js';
import { HandlerRegistry } from './handler-registry.js';

/** Refuses to start where a destination names a handler, or is of a kind, that nobody provides: its updates would pile up unseen. */
@Injectable()
export class HandlerCheck implements OnApplicationBootstrap {
  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly handlers: HandlerRegistry,
    private readonly kinds: DestinationKinds,
    private readonly config: GatewayConfig,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    // A tool delivers nothing.
    if (this.config.roles.size === 0) return;
    const others = await this.destinations.findBy({ kind: Not('webhook'), disabledAtMs: IsNull() });
    for (const { merchantGatewayId, merchantId, name, kind, handler } of others) {
      if (kind === 'handler' ? this.handlers.find(handler ?? '') : this.kinds.find(kind)) continue;
      const wanted = kind === 'handler' ? `the handler ${handler}` : `the kind ${kind}`;
      throw new ConfigurationError(
        `Destination ${name} of merchant ${merchantGatewayId}/${merchantId} wants ${wanted}, which no module provides`,
      );
    }
  }
}
