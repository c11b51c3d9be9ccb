import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Clock } from '../../clock/clock.js';
import { DestinationSecrets } from '../destination-secrets.js';
import { DestinationDisabledPeriod } from '../entities/destination-disabled-period.entity.js';
import { Destination } from '../entities/destination.entity.js';
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
  ) {}

  /** A destination that is declared again is enabled again. */
  async put(
    manager: EntityManager,
    merchant: Pick<Destination, 'merchantGatewayId' | 'merchantId'>,
    declared: DestinationDeclaration,
    fail: Fail,
  ): Promise<void> {
    const { name, kind, url, handler, ratePerSecond, coalesce = false } = declared;
    const content = {
      kind,
      url: kind === 'webhook' ? (url ?? null) : null,
      handler: kind === 'handler' ? (handler ?? null) : null,
      encryptedSecrets: kind === 'webhook' ? await this.encryptedSecrets(declared, fail) : null,
      ratePerSecond: ratePerSecond ?? null,
      coalesce,
      disabledAtMs: null,
    };
    const known = await manager.findOneBy(Destination, { ...merchant, name });
    if (known) {
      await this.keepDisabledPeriod(manager, known);
      await manager.update(Destination, { id: known.id }, content);
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

  private async encryptedSecrets({ secret, previousSecret }: DestinationDeclaration, fail: Fail): Promise<string> {
    const current = await signingSecret('secret', secret, fail);
    const previous = await signingSecret('previousSecret', previousSecret, fail);
    return this.secrets.encrypt([current, previous].filter((one) => one !== undefined));
  }
}

async function signingSecret(key: string, source: SecretSource | undefined, fail: Fail): Promise<string | undefined> {
  const secret = await resolveSecret(source, (problem) => fail(key, problem));
  if (secret !== undefined && !parseWebhookSecret(secret)) {
    throw fail(key, 'is no signing secret of Standard Webhooks: whsec_ and 24 to 64 bytes in base64, or whsk_');
  }
  return secret;
}
