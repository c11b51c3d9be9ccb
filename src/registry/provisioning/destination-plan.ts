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
    // Of a new one, too: what is told here is to go through when it is applied.
    const secrets = await declaredSecrets(declared, fail);
    const isOff = known !== null && (known.disabledAtMs !== null || known.deletedAtMs !== null);
    return [
      ...changesOf(what, known && contentOf(known), declaredContent(declared)),
      ...(known && secrets && (await this.hasOthers(known, secrets))
        ? [{ kind: 'change' as const, what, detail: 'secrets' }]
        : []),
      ...(isOff ? [{ kind: 'enable' as const, what }] : []),
    ];
  }

  private async hasOthers({ encryptedSecrets }: Destination, secrets: readonly string[]): Promise<boolean> {
    return secrets.join(' ') !== (await this.secrets.decrypt(encryptedSecrets)).join(' ');
  }
}

/** Undefined where none is declared: it keeps its own. */
async function declaredSecrets(
  { kind, secret, previousSecret }: DestinationDeclaration,
  fail: (key: string, problem: string) => Error,
): Promise<readonly string[] | undefined> {
  if (kind !== 'webhook' || secret === undefined) return undefined;
  const declared = [
    await resolveSecret(secret, (problem) => fail('secret', problem)),
    await resolveSecret(previousSecret, (problem) => fail('previousSecret', problem)),
  ];
  return declared.filter((one) => one !== undefined);
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
