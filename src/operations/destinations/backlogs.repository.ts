import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DestinationKind } from '../../registry/entities/destination.entity.js';
import { Statements } from '../repository/statements.js';

/** What a look costs must not grow with what has piled up. */
const MAX_DESTINATIONS = 500;
const MAX_PENDING = 10_000;
const MAX_DEAD = 10_000;

interface DestinationRow {
  readonly id: string;
  readonly merchantGatewayId: string;
  readonly merchantId: string;
  readonly merchantName: string;
  readonly name: string;
  readonly kind: DestinationKind;
  readonly ratePerSecond: number | string | null;
  readonly pausedAtMs: number | string | null;
  readonly disabledAtMs: number | string | null;
}

/** A destination, and what waits for it or was given up. */
export interface DestinationBacklog extends DestinationRow {
  readonly pending: number;
  readonly oldestPendingAtMs: number | null;
  readonly dead: number;
}

@Injectable()
export class BacklogsRepository {
  constructor(private readonly statements: Statements) {}

  /** By merchant gateway, merchant and name; one destination after the other, so that SQLite gives way to requests between. */
  async find(merchantGateways: readonly string[], id?: string): Promise<DestinationBacklog[]> {
    const destinations = await this.destinations(merchantGateways, id);
    const dead = destinations.length > 0 ? await this.deadByDestination() : new Map<string, number>();
    const found: DestinationBacklog[] = [];
    for (const destination of destinations) {
      found.push({ ...destination, ...(await this.pendingOf(destination.id)), dead: dead.get(destination.id) ?? 0 });
      await nextTurn();
    }
    return found;
  }

  private destinations(merchantGateways: readonly string[], id?: string): Promise<DestinationRow[]> {
    return this.statements.read(
      `select t.id as "id", t.merchant_gateway_id as "merchantGatewayId", t.merchant_id as "merchantId",
              m.name as "merchantName", t.name as "name", t.kind as "kind", t.rate_per_second as "ratePerSecond",
              t.paused_at_ms as "pausedAtMs", t.disabled_at_ms as "disabledAtMs"
       from destinations t
       join merchants m on m.merchant_gateway_id = t.merchant_gateway_id and m.id = t.merchant_id
       where t.deleted_at_ms is null and t.merchant_gateway_id in (:...merchantGateways) ${id === undefined ? '' : 'and t.id = :id'}
       order by t.merchant_gateway_id, t.merchant_id, t.name limit ${MAX_DESTINATIONS}`,
      { merchantGateways, id },
    );
  }

  private async pendingOf(id: string): Promise<Pick<DestinationBacklog, 'pending' | 'oldestPendingAtMs'>> {
    const [row] = await this.statements.read<{ pending: number | string; oldest: number | string | null }>(
      `select count(*) as "pending", min(created_at_ms) as "oldest" from (
         select created_at_ms from deliveries where destination_id = :id and state = 'pending'
         order by due_at_ms limit ${MAX_PENDING}) looked_at`,
      { id },
    );
    const oldest = row?.oldest ?? null;
    return { pending: Number(row?.pending ?? 0), oldestPendingAtMs: oldest === null ? null : Number(oldest) };
  }

  private async deadByDestination(): Promise<ReadonlyMap<string, number>> {
    const rows = await this.statements.read<{ id: string; dead: number | string }>(
      `select destination_id as "id", count(*) as "dead" from (
         select destination_id from deliveries where state = 'dead' order by id desc limit ${MAX_DEAD}) looked_at
       group by destination_id`,
      {},
    );
    return new Map(rows.map(({ id, dead }) => [id, Number(dead)]));
  }
}
