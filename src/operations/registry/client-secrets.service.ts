import { Injectable } from '@nestjs/common';
import { IsNull, LessThanOrEqual, MoreThan, Not, Or, type EntityManager } from 'typeorm';
import { ClientRegistrar } from '../../auth/clients/client-registrar.js';
import { ClientSecret } from '../../auth/clients/client-secret.entity.js';
import { SecretHasher } from '../../auth/secret-hashing/secret-hasher.js';
import { Clock } from '../../clock/clock.js';
import type { Actor } from '../audit/actor.js';
import { UUID_PATTERN } from '../http/identifiers.js';
import { msOf } from '../http/request-fields.js';
import { Conflict, InvalidRequest, NotFound } from '../operation-errors.js';
import type { ClientItem, ClientSecretItem, NewSecret, NewSecretItem } from './client-bodies.js';
import { ClientsRepository } from './clients.repository.js';
import { targetOf } from './clients.service.js';
import { RegistryChanges } from './registry-changes.js';

/** One in use, and one that is to take its place. */
const MAX_SECRETS = 2;

/** A client's secrets, of which one takes the other's place without a gap. */
@Injectable()
export class ClientSecretsService {
  constructor(
    private readonly changes: RegistryChanges,
    private readonly clients: ClientsRepository,
    private readonly registrar: ClientRegistrar,
    private readonly hasher: SecretHasher,
    private readonly clock: Clock,
  ) {}

  /** Those that have expired make room. @throws NotFound; Conflict where it has two already */
  async add(clientId: string, request: NewSecret, actor: Actor): Promise<NewSecretItem> {
    const expiresAtMs = this.future('expiresAt', request.expiresAt);
    const previousExpiresAtMs = msOf(request.previousExpiresAt);
    const made = request.clientSecret === undefined ? this.hasher.generate() : undefined;
    // Before the transaction: a chosen one takes long to hash.
    const hashed = made?.hashed ?? (await this.hasher.hashChosen(request.clientSecret ?? ''));
    const added = await this.changes.run(actor, async (manager) => {
      await this.removeExpired(manager, clientId);
      const before = await this.read(manager, clientId, actor);
      if (before.secrets.length >= MAX_SECRETS)
        throw new Conflict(`The client has ${MAX_SECRETS} secrets; one of them must go first`);
      const id = await this.registrar.addSecret(manager, clientId, hashed, expiresAtMs ?? null);
      if (previousExpiresAtMs !== undefined) {
        // One that ends sooner still does.
        const later = Or(IsNull(), MoreThan(previousExpiresAtMs));
        const previous = { clientId, id: Not(id), expiresAtMs: later };
        await manager.update(ClientSecret, previous, { expiresAtMs: previousExpiresAtMs });
      }
      const after = await this.read(manager, clientId, actor);
      const result = after.secrets.find((secret) => secret.id === id);
      if (!result) throw new Error('The secret is not there after it was added');
      return { result, change: { action: 'client-secret.add', ...targetOf(after), before, after } };
    });
    this.registrar.committed();
    return made ? Object.assign(added, { clientSecret: made.secret }) : added;
  }

  /** @throws NotFound; Conflict where it is the only one, or the only one that has not expired */
  async remove(clientId: string, secretId: string, actor: Actor): Promise<void> {
    await this.changes.run(actor, async (manager) => {
      const before = await this.read(manager, clientId, actor);
      const found = before.secrets.find(({ id }) => id === secretId);
      if (!UUID_PATTERN.test(secretId) || !found) throw new NotFound('secret');
      const others = before.secrets.filter((secret) => secret !== found);
      const isLastValid = this.isValid(found) && !others.some((secret) => this.isValid(secret));
      if (others.length === 0 || isLastValid) throw new Conflict('It is the only secret; disable the client instead');
      await manager.delete(ClientSecret, { id: secretId });
      const after = await this.read(manager, clientId, actor);
      return { result: undefined, change: { action: 'client-secret.delete', ...targetOf(after), before, after } };
    });
    this.registrar.committed();
  }

  private async read(manager: EntityManager, clientId: string, actor: Actor): Promise<ClientItem> {
    const found = await this.clients.find(manager, clientId, actor);
    if (!found) throw new NotFound('client');
    return found;
  }

  private async removeExpired(manager: EntityManager, clientId: string): Promise<void> {
    await manager.delete(ClientSecret, { clientId, expiresAtMs: LessThanOrEqual(this.clock.nowMs()) });
  }

  private isValid({ expiresAt }: ClientSecretItem): boolean {
    const expiresAtMs = msOf(expiresAt ?? undefined);
    return expiresAtMs === undefined || expiresAtMs > this.clock.nowMs();
  }

  private future(name: string, instant: string | undefined): number | undefined {
    const ms = msOf(instant);
    if (ms !== undefined && ms <= this.clock.nowMs()) throw new InvalidRequest(`${name} is past`);
    return ms;
  }
}
