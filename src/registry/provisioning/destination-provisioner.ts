import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../../clock/clock.js';
import { DestinationSecrets } from '../destination-secrets.js';
import { DestinationDisabledPeriod } from '../entities/destination-disabled-period.entity.js';
import { DestinationKinds } from '../destination-kinds.js';
import { Destination, DESTINATION_KINDS } from '../entities/destination.entity.js';
import { parseWebhookSecret } from '../webhook-secret.js';
import type { DestinationDeclaration } from './destination-declaration.js';
import { resolveSecret } from './resolve-secret.js';
import type { SecretSource } from './secret-source.js';

type Fail = (key: string, problem: string) => Error;

/** Makes a merchant's destinations what they are declared to be, inside the caller's transaction. */
@Injectable()
export class DestinationProvisioner {
  constructor(
    private readonly secrets: DestinationSecrets,
    private readonly clock: Clock,
    private readonly kinds: DestinationKinds,
  ) {}

  /** A destination that is declared again is enabled again. */
  async put(
    manager: EntityManager,
    merchant: Pick<Destination, 'merchantGatewayId' | 'merchantId'>,
    declared: DestinationDeclaration,
    fail: Fail,
  ): Promise<void> {
    const { name, kind, url, handler, ratePerSecond, coalesce = false } = declared;
    const known = await manager.findOneBy(Destination, { ...merchant, name });
    // Without a secret it keeps those it has.
    const kept = kind !== 'handler' && declared.secret === undefined ? (known?.encryptedSecrets ?? null) : null;
    const secrets = kept === null ? await secretsOf(declared, fail) : await this.secrets.decrypt(kept);
    this.assertKind(merchant.merchantId, declared, secrets, fail);
    const content = {
      kind,
      url: kind === 'handler' ? null : (url ?? null),
      handler: kind === 'handler' ? (handler ?? null) : null,
      encryptedSecrets: kept ?? (secrets.length > 0 ? await this.secrets.encrypt(secrets) : null),
      ratePerSecond: ratePerSecond ?? null,
      coalesce,
      disabledAtMs: null,
      deletedAtMs: null,
    };
    if (known) {
      await this.keepDisabledPeriod(manager, known);
      // One that was deleted is made anew; a pause of another outlives its declaration.
      const pause = known.deletedAtMs === null ? {} : { pausedAtMs: null };
      await manager.update(Destination, { id: known.id }, { ...content, ...pause });
    } else
      await manager.insert(Destination, {
        ...content,
        ...merchant,
        id: uuidv7(),
        name,
        createdAtMs: this.clock.nowMs(),
      });
  }

  /** What came meanwhile called for no delivery; reconciliation must know it. */
  private async keepDisabledPeriod(manager: EntityManager, { id, disabledAtMs }: Destination): Promise<void> {
    if (disabledAtMs === null) return;
    const period = { destinationId: id, fromMs: disabledAtMs, untilMs: this.clock.nowMs() };
    await manager.upsert(DestinationDisabledPeriod, period, ['destinationId', 'fromMs']);
  }

  private assertKind(
    merchantId: string,
    { kind, name, url }: DestinationDeclaration,
    secrets: readonly string[],
    fail: Fail,
  ): void {
    if (DESTINATION_KINDS.includes(kind)) return;
    const known = this.kinds.find(kind);
    if (!known) throw fail('kind', `is not one of ${[...DESTINATION_KINDS, ...this.kinds.names].join(', ')}`);
    if (url !== undefined && typeof url !== 'string') throw fail('url', 'must be a text');
    const problem = known.problem?.({ merchantId, name, secrets, ...(url !== undefined && { url }) });
    if (problem !== undefined) throw fail('kind', problem);
  }
}

async function secretsOf(
  { kind, secret, previousSecret }: DestinationDeclaration,
  fail: Fail,
): Promise<readonly string[]> {
  if (kind === 'handler') return [];
  const resolved: string[] = [];
  for (const [key, source] of Object.entries({ secret, previousSecret })) {
    const text = kind === 'webhook' ? await signingSecret(key, source, fail) : await plainSecret(key, source, fail);
    if (text !== undefined) resolved.push(text);
  }
  return resolved;
}

function plainSecret(key: string, source: SecretSource | undefined, fail: Fail): Promise<string | undefined> {
  return resolveSecret(source, (problem) => fail(key, problem));
}

async function signingSecret(key: string, source: SecretSource | undefined, fail: Fail): Promise<string | undefined> {
  const secret = await resolveSecret(source, (problem) => fail(key, problem));
  if (secret !== undefined && !parseWebhookSecret(secret)) {
    throw fail(key, 'is no signing secret of Standard Webhooks: whsec_ and 24 to 64 bytes in base64, or whsk_');
  }
  return secret;
}
