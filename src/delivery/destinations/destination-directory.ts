import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { InstanceChannel } from '../../database/channel/instance-channel.js';
import { Remembered } from '../../memory/remembered.js';
import { conceal } from '../../privacy/conceal.js';
import { Destination } from '../../registry/entities/destination.entity.js';
import { DestinationSecrets } from '../../registry/destination-secrets.js';
import { RegistrationEvents } from '../../registry/registration-events.js';
import type { DestinationTarget } from './destination-sender.js';

export interface KnownDestination extends DestinationTarget {
  readonly disabled: boolean;
  /** Its deliveries wait. */
  readonly paused: boolean;
  readonly ratePerSecond: number | null;
  readonly coalesce: boolean;
}

/** Within this a change made by another instance takes effect, though its notice got lost. */
const REMEMBERED_MS = 5000;
const MAX_REMEMBERED = 10_000;

/** Destinations by id, remembered; with their secrets in clear, so that each is decrypted once and not with each try. */
@Injectable()
export class DestinationDirectory {
  private readonly known: Remembered<KnownDestination>;

  constructor(
    @InjectRepository(Destination) private readonly destinations: Repository<Destination>,
    private readonly secrets: DestinationSecrets,
    registrations: RegistrationEvents,
    private readonly channel: InstanceChannel,
  ) {
    this.known = new Remembered({ max: MAX_REMEMBERED, ttlMs: REMEMBERED_MS }, (id) => this.load(id));
    registrations.on('registered', () => this.known.forgetAll());
    channel.subscribe('destinations', () => this.known.forgetAll());
  }

  find(id: string): Promise<KnownDestination | undefined> {
    return this.known.fetch(id);
  }

  forget(id: string): void {
    this.known.forget(id);
  }

  /** To be called after a change has been committed: the other instances are told, too. */
  changed(id: string): void {
    this.forget(id);
    this.channel.publish('destinations', [id]);
  }

  private async load(id: string): Promise<KnownDestination | undefined> {
    const found = await this.destinations.findOneBy({ id });
    if (!found) return undefined;
    const { merchantId, name, kind, url, handler, ratePerSecond, coalesce, disabledAtMs, encryptedSecrets } = found;
    const secrets = await this.secrets.decrypt(encryptedSecrets);
    const paused = found.pausedAtMs !== null;
    const disabled = disabledAtMs !== null;
    const target = { id, merchantId, name, kind, url, handler, ratePerSecond, coalesce, secrets, disabled, paused };
    return conceal(target, 'secrets');
  }
}
