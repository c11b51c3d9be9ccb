import ipaddr from 'ipaddr.js';
import type { GatewayConfig } from '../../config/gateway-config.js';
import { ok, warning, type Finding } from './finding.js';

/** No webhook of a merchant's should ever reach these. */
const OWN_NETWORKS = ['127.0.0.1', '169.254.169.254', '::1'];

export async function examineConfiguration(config: GatewayConfig): Promise<readonly Finding[]> {
  const { production, server, auth } = config;
  const check = 'configuration';
  const findings: Finding[] = [];
  if (!production)
    findings.push(warning(check, 'NODE_ENV is not production', 'Set NODE_ENV=production where D1 calls.'));
  else if (server.publicUrl.startsWith('http:'))
    findings.push(warning(check, 'PUBLIC_URL is not https', 'D1 requires TLS: set the https URL that D1 calls.'));
  if (auth.d1Authentication === 'trusted-network')
    findings.push(
      warning(check, 'Callers are not authenticated', 'Keep the port reachable for the proxy that does it alone.'),
    );
  findings.push(...webhookNetworks(config));
  return findings.length > 0 ? findings : [ok(check, 'is complete')];
}

function webhookNetworks({ production, delivery }: GatewayConfig): Finding[] {
  const check = 'webhook networks';
  const networks = delivery.webhookAllowedNetworks;
  if (networks.length === 0) return [ok(check, 'public addresses only, over https')];
  const ranges = networks.map((network) => ipaddr.parseCIDR(network));
  const reached = OWN_NETWORKS.map((address) => ipaddr.parse(address)).filter((address) =>
    ranges.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits)),
  );
  if (!production || reached.length === 0) return [ok(check, `also ${networks.join(', ')}`)];
  return [
    warning(
      check,
      `Webhooks may go to this machine or its cloud's metadata (${reached.join(', ')})`,
      'Narrow WEBHOOK_ALLOWED_NETWORKS to the networks in which merchants are.',
    ),
  ];
}
