import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DestinationSecrets } from '../destination-secrets.js';
import { Destination } from '../entities/destination.entity.js';
import type { DestinationDeclaration } from './destination-declaration.js';
import { changesOf, type PlannedChange } from './planned-change.js';
import { resolveSecret } from './resolve-secret.js';

/** What declaring a destination would change. */
@Injectable()
export class DestinationPlan {
  constructor(
    private readonly dataSource: DataSource,
    private readonly secrets: DestinationSecrets,
  ) {}

  async of(
    owner: Pick<Destination, 'merchantGatewayId' | 'merchantId'>,
    declared: DestinationDeclaration,
    fail: (key: string, problem: string) => Error,
  ): Promise<PlannedChange[]> {
    const what = `destination ${owner.merchantGatewayId}/${owner.merchantId}/${declared.name}`;
    const known = await this.dataSource.manager.findOneBy(Destination, { ...owner, name: declared.name });
    const isOff = known !== null && (known.disabledAtMs !== null || known.deletedAtMs !== null);
    return [
      ...changesOf(what, known && contentOf(known), declaredContent(declared)),
      ...(known && (await this.hasOtherSecrets(known, declared, fail))
        ? [{ kind: 'change' as const, what, detail: 'secrets' }]
        : []),
      ...(isOff ? [{ kind: 'enable' as const, what }] : []),
    ];
  }

  private async hasOtherSecrets(
    known: Destination,
    { kind, secret, previousSecret }: DestinationDeclaration,
    fail: (key: string, problem: string) => Error,
  ): Promise<boolean> {
    if (kind !== 'webhook' || secret === undefined) return false;
    const declared = [
      await resolveSecret(secret, (problem) => fail('secret', problem)),
      await resolveSecret(previousSecret, (problem) => fail('previousSecret', problem)),
    ].filter((one) => one !== undefined);
    return declared.join(' ') !== (await this.secrets.decrypt(known.encryptedSecrets)).join(' ');
  }
}

function contentOf({ kind, url, handler, ratePerSecond, coalesce }: Destination) {
  return { kind, url, handler, ratePerSecond, coalesce };
}

function declaredContent({ kind, url, handler, ratePerSecond, coalesce = false }: DestinationDeclaration) {
  return {
    kind,
    url: kind === 'webhook' ? (url ?? null) : null,
    handler: kind === 'handler' ? (handler ?? null) : null,
    ratePerSecond: ratePerSecond ?? null,
    coalesce,
  };
}
