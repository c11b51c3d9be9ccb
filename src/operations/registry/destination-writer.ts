import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Clock } from '../../clock/clock.js';
import { DestinationSecrets } from '../../registry/destination-secrets.js';
import { Destination } from '../../registry/entities/destination.entity.js';
import { DestinationProvisioner } from '../../registry/provisioning/destination-provisioner.js';
import { generateWebhookSecret } from '../../registry/webhook-secret.js';
import { IntakeEvents } from '../../tokens/intake/intake-events.js';
import { InvalidRequest } from '../operation-errors.js';
import { isoTime, isoTimeOrNull } from '../search/iso-time.js';
import type { DestinationBody, DestinationItem } from './destination-bodies.js';
import type { DestinationPath } from './registry-path.js';

/** Makes a destination what a request says. */
@Injectable()
export class DestinationWriter {
  constructor(
    private readonly provisioner: DestinationProvisioner,
    private readonly secrets: DestinationSecrets,
    private readonly events: IntakeEvents,
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** @returns the signing secret, where one was made */
  async put(
    manager: EntityManager,
    { merchantGatewayId, merchantId, destination: name }: DestinationPath,
    { enabled = true, ...body }: DestinationBody,
    before: DestinationItem | undefined,
  ): Promise<{ secret?: string }> {
    const merchant = { merchantGatewayId, merchantId };
    const wantsSecret = body.kind === 'webhook' && body.secret === undefined && before?.kind !== 'webhook';
    const secret = wantsSecret ? generateWebhookSecret() : body.secret;
    // For a secret alone that is to stay, there is none to be replaced by it.
    if (secret === undefined && body.previousSecret !== undefined)
      throw new InvalidRequest('previousSecret goes with secret');
    await this.provisioner.put(
      manager,
      merchant,
      { ...body, name, ...(secret !== undefined && { secret }) },
      (key, problem) => new InvalidRequest(`${key} ${problem}`),
    );
    if (!enabled) {
      const disabledAtMs = before?.disabledAt ? Date.parse(before.disabledAt) : this.clock.nowMs();
      await manager.update(Destination, { ...merchant, name }, { disabledAtMs });
    }
    return wantsSecret && secret !== undefined ? { secret } : {};
  }

  /** The dispatcher cancels what is pending for a destination that it finds disabled. */
  async cancelPending(
    { merchantGatewayId, merchantId, destination: name }: DestinationPath,
    disabled: boolean,
  ): Promise<void> {
    if (!disabled) return;
    const found = await this.dataSource.manager.findOneBy(Destination, { merchantGatewayId, merchantId, name });
    if (found) this.events.emit('due', [found.id]);
  }

  async itemOf(destination: Destination): Promise<DestinationItem> {
    const { name, kind, url, handler, ratePerSecond, coalesce, createdAtMs, disabledAtMs, encryptedSecrets } =
      destination;
    const secrets = await this.secrets.decrypt(encryptedSecrets);
    return {
      name,
      kind,
      url,
      secrets: secrets.length,
      secretFingerprints: secrets.map((secret) => this.secrets.fingerprint(secret)),
      handler,
      ratePerSecond,
      coalesce,
      createdAt: isoTime(createdAtMs),
      disabledAt: isoTimeOrNull(disabledAtMs),
    };
  }
}
