import { Injectable } from '@nestjs/common';
import type { MerchantRef } from '@gateway/merchant-kit';
import { GatewayConfig } from '../../config/gateway-config.js';
import type { DestinationTarget } from '../destinations/destination-sender.js';
import { MerchantExtensions } from '../extensions/merchant-extensions.js';

/** What this process may relay by itself: where it only takes notifications, it runs no team's code. */
@Injectable()
export class RelayScope {
  private readonly runsTeams: boolean;

  constructor(
    private readonly extensions: MerchantExtensions,
    { roles }: GatewayConfig,
  ) {
    this.runsTeams = roles.has('dispatcher');
  }

  includes({ kind }: Pick<DestinationTarget, 'kind'>, merchant: MerchantRef): boolean {
    return this.runsTeams || (kind === 'webhook' && !this.extensions.isFor(merchant));
  }
}
