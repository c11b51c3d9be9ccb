import type { Provider } from '@nestjs/common';
import { GatewayConfig } from '../../../config/gateway-config.js';
import { AddressPolicy } from './address-policy.js';
import { HostResolver } from './host-resolver.js';
import { WebhookAgent } from './webhook-agent.js';
import { WebhookSender } from './webhook-sender.js';

/** What it takes to send webhooks. */
export const webhookProviders: Provider[] = [
  HostResolver,
  {
    provide: WebhookAgent,
    inject: [GatewayConfig, HostResolver],
    useFactory: ({ delivery }: GatewayConfig, resolver: HostResolver): WebhookAgent =>
      new WebhookAgent({
        policy: new AddressPolicy(delivery.webhookAllowedNetworks),
        resolver,
        timeoutMs: delivery.webhookTimeoutMs,
        connectionsPerOrigin: delivery.concurrency,
      }),
  },
  WebhookSender,
];
