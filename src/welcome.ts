import { Logger } from '@nestjs/common';
import { MERCHANT_GATEWAY_ID, MERCHANT_ID, notifyUpdatePath, TOKEN_ID } from '@gateway/d1-contract';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { GatewayConfig } from './config/gateway-config.js';
import { StartupProvisioning } from './registry/provisioning/startup-provisioning.js';

/** The example's client, whose secret is made on first start. */
const EXAMPLE_CLIENT = 'is_tbank01';

/** Tells that the gateway listens; outside production also what to do next, on standard error, apart from the log. */
export function welcome(app: NestFastifyApplication, config: GatewayConfig): void {
  const { publicUrl } = config.server;
  new Logger('Gateway').log({
    msg: 'Listening',
    publicUrl,
    engine: config.database.engine,
    d1Authentication: config.auth.d1Authentication,
  });
  if (config.production) return;
  const secrets = app.get(StartupProvisioning).result?.generatedSecrets ?? new Map<string, string>();
  process.stderr.write(`\n${[...heading(config), ...generated(secrets), ...curlPair(config, secrets)].join('\n')}\n\n`);
}

function heading({ server, pages }: GatewayConfig): string[] {
  const { publicUrl } = server;
  return [
    `D1 Merchant Gateway is ready at ${publicUrl}`,
    ...(pages.docs === 'off' ? [] : [`  Swagger UI: ${publicUrl}/docs`]),
    ...(pages.console ? [`  Console: ${publicUrl}/console`] : []),
  ];
}

function generated(secrets: ReadonlyMap<string, string>): string[] {
  return [...secrets].map(
    ([clientId, secret]) =>
      `  Client ${clientId} has got the secret ${secret}\n  It is stored as a hash and not shown again.`,
  );
}

function curlPair({ server, auth }: GatewayConfig, secrets: ReadonlyMap<string, string>): string[] {
  const { publicUrl } = server;
  const secret = secrets.get(EXAMPLE_CLIENT);
  const path = notifyUpdatePath(MERCHANT_GATEWAY_ID.example, MERCHANT_ID.example, TOKEN_ID.example);
  return [
    '',
    secret
      ? 'Be D1: get an access token, then notify.'
      : 'Be D1: get an access token, then notify (with the secret of the first start).',
    '',
    `  D1_CLIENT_SECRET=${secret ?? "'…'"}`,
    `  ACCESS_TOKEN=$(curl -s ${publicUrl}${auth.tokenPath} -u "${EXAMPLE_CLIENT}:$D1_CLIENT_SECRET" -d grant_type=client_credentials | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `  curl -i -X POST ${publicUrl}${path} -H "Authorization: Bearer $ACCESS_TOKEN"`,
    '',
    'Or a thousand of them:',
    '',
    `  D1_CLIENT_SECRET=$D1_CLIENT_SECRET npm run d1 -- notify --url ${publicUrl} --count 1000 --concurrency 32`,
  ];
}
