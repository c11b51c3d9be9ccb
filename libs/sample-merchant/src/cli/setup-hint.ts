import type { SampleMerchant } from '../sample-merchant.js';

const ENGLISH_ORDINALS = new Intl.PluralRules('en', { type: 'ordinal' });

/** What there is to know at start: where it listens, and how a gateway is made to send here. */
export function setupHint({ url, secret, behaviour }: SampleMerchant, isNewSecret: boolean): string {
  const { kind, every = 1 } = behaviour;
  const heading = `Sample merchant listens at ${url}; behaves: ${kind}${every > 1 ? `, every ${ordinal(every)} webhook` : ''}`;
  if (!isNewSecret) return heading;
  return `${heading}
  Its signing secret is a new one. To keep one over restarts, set MERCHANT_WEBHOOK_SECRET.

Add to the merchant's "destinations" in the provisioning file:

  {"name": "main", "kind": "webhook", "url": "${url}", "secret": "${secret}"}

Webhooks go to public addresses and over https; for this one, start the gateway with

  WEBHOOK_ALLOWED_NETWORKS=127.0.0.0/8`;
}

/** `2nd`, `3rd`, `11th`, `21st`. */
function ordinal(n: number): string {
  const suffixes: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };
  return `${n}${suffixes[ENGLISH_ORDINALS.select(n)] ?? 'th'}`;
}
