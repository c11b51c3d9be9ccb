import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { MerchantGateway } from '../entities/merchant-gateway.entity.js';
import { Merchant } from '../entities/merchant.entity.js';
import { Token } from '../entities/token.entity.js';
import { ClientPlan } from './client-plan.js';
import { DestinationPlan } from './destination-plan.js';
import type { ParsedProvisionFile } from './parse-provision-file.js';
import { changesOf, type PlannedChange } from './planned-change.js';
import type { ProvisionError } from './provision-error.js';
import type { MerchantDeclaration, MerchantGatewayDeclaration } from './provision-file.js';
import { ProvisionReader } from './provision-reader.js';

const IDS_PER_QUERY = 1000;

/** What applying a provisioning file would change. */
@Injectable()
export class ProvisionPlan {
  constructor(
    private readonly reader: ProvisionReader,
    private readonly dataSource: DataSource,
    private readonly destinations: DestinationPlan,
    private readonly clients: ClientPlan,
  ) {}

  /** As an operator applies it. @throws ProvisionError naming line and path */
  async read(file: string): Promise<readonly PlannedChange[]> {
    return this.of(await this.reader.read(file), false);
  }

  /** The same of a file that is read and consistent. */
  async of(parsed: ParsedProvisionFile, keepSecrets: boolean): Promise<readonly PlannedChange[]> {
    const changes: PlannedChange[] = [];
    for (const [g, gateway] of parsed.content.merchantGateways.entries()) {
      changes.push(...(await this.ofGateway(gateway)));
      for (const [m, merchant] of gateway.merchants.entries()) {
        changes.push(...(await this.ofMerchant(gateway.id, merchant)));
        const owner = { merchantGatewayId: gateway.id, merchantId: merchant.id };
        for (const [d, declared] of merchant.destinations.entries()) {
          const fail = (key: string, problem: string): ProvisionError =>
            parsed.errorAt(['merchantGateways', g, 'merchants', m, 'destinations', d, key], problem);
          changes.push(...(await this.destinations.of(owner, declared, fail)));
        }
      }
    }
    return [...changes, ...(await this.clients.of(parsed, keepSecrets))];
  }

  private async ofGateway({ id, name, authentication }: MerchantGatewayDeclaration): Promise<PlannedChange[]> {
    const known = await this.dataSource.manager.findOneBy(MerchantGateway, { id });
    const told = (declared: MerchantGateway['authentication'] | undefined): string => declared ?? 'as a rule';
    return changesOf(
      `merchant gateway ${id}`,
      known && { name: known.name, authentication: told(known.authentication) },
      { name, authentication: told(authentication) },
    );
  }

  private async ofMerchant(
    merchantGatewayId: string,
    { id, name, deliveryMode = 'deferred', tokens }: MerchantDeclaration,
  ): Promise<PlannedChange[]> {
    const what = `merchant ${merchantGatewayId}/${id}`;
    const known = await this.dataSource.manager.findOneBy(Merchant, { merchantGatewayId, id });
    const before = known && { name: known.name, deliveryMode: known.deliveryMode };
    const added = await this.newTokens(merchantGatewayId, id, tokens);
    return [
      ...changesOf(what, before, { name, deliveryMode }),
      ...(added > 0 ? [{ kind: 'add' as const, what: `tokens of ${what}`, detail: String(added) }] : []),
    ];
  }

  private async newTokens(merchantGatewayId: string, merchantId: string, ids: readonly string[]): Promise<number> {
    const declared = [...new Set(ids)];
    let known = 0;
    for (let from = 0; from < declared.length; from += IDS_PER_QUERY) {
      const id = In(declared.slice(from, from + IDS_PER_QUERY));
      known += await this.dataSource.manager.countBy(Token, { merchantGatewayId, merchantId, id });
    }
    return declared.length - known;
  }
}
