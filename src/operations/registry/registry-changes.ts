import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RegistrationEvents } from '../../registry/registration-events.js';
import { RegistryTransactions } from '../../registry/registry-transactions.js';
import type { Actor } from '../audit/actor.js';
import { AuditLog, type AuditedChange } from '../../audit/audit-log.js';
import { etagOf } from '../http/etag.js';
import { assertPreconditions, type Preconditions } from '../http/preconditions.js';
import { Resource } from '../http/resource.js';
import { NotFound } from '../operation-errors.js';

/** What is changed. */
export interface Subject<Body extends object> {
  /** `merchant`, as it is called in audited actions and for people. */
  readonly kind: string;
  readonly merchantGatewayId: string | null;
  readonly target: string;
  /** As it is told, without secrets; undefined where it is not there. */
  readonly read: (manager: EntityManager) => Promise<Body | undefined>;
}

/** Changes of the registry: conditional, one after the other, each with its entry in the audit log. */
@Injectable()
export class RegistryChanges {
  constructor(
    private readonly transactions: RegistryTransactions,
    private readonly audit: AuditLog,
    private readonly registrations: RegistrationEvents,
  ) {}

  /**
   * Makes something, or makes it what it is to be. Where that is what it is already, nothing is audited.
   *
   * @param write returns what is to be shown this once, if anything
   */
  async put<Body extends object>(
    subject: Subject<Body>,
    actor: Actor,
    preconditions: Preconditions,
    write: (manager: EntityManager, before: Body | undefined) => Promise<object | void>,
  ): Promise<Resource<Body>> {
    return this.run(actor, async (manager) => {
      const before = await subject.read(manager);
      assertPreconditions(preconditions, before && etagOf(before));
      const shownOnce = (await write(manager, before)) ?? {};
      const after = await subject.read(manager);
      if (!after) throw new Error(`The ${subject.kind} is not there after it was put`);
      const same = before !== undefined && etagOf(before) === etagOf(after);
      const change = same && Object.keys(shownOnce).length === 0 ? undefined : changeOf(subject, 'put', before, after);
      return { result: new Resource(after, before === undefined, shownOnce), change };
    });
  }

  /** @throws NotFound where it is not there */
  async remove<Body extends object>(
    subject: Subject<Body>,
    actor: Actor,
    preconditions: Preconditions,
    write: (manager: EntityManager, before: Body) => Promise<void>,
  ): Promise<void> {
    await this.run(actor, async (manager) => {
      const before = await subject.read(manager);
      if (!before) throw new NotFound(subject.kind.replaceAll('-', ' '));
      assertPreconditions(preconditions, etagOf(before));
      await write(manager, before);
      return { result: undefined, change: changeOf(subject, 'delete', before, undefined) };
    });
  }

  /** Any other change, with what goes into the audit log. */
  async run<T>(
    actor: Actor,
    work: (manager: EntityManager) => Promise<{ result: T; change: AuditedChange | undefined }>,
  ): Promise<T> {
    const { result, change } = await this.transactions.run(async (manager) => {
      const done = await work(manager);
      if (done.change) await this.audit.write(manager, actor, done.change);
      return done;
    });
    if (change) this.registrations.emit('registered');
    return result;
  }
}

function changeOf(
  { kind, merchantGatewayId, target }: Subject<object>,
  verb: 'put' | 'delete',
  before: object | undefined,
  after: object | undefined,
): AuditedChange {
  return { action: `${kind}.${verb}`, merchantGatewayId, target, before, after };
}
