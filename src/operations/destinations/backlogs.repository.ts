import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DestinationKind } from '../../registry/entities/destination.entity.js';
import { Statements } from '../repository/statements.js';

/** What a look costs must not grow with what has piled up. */
const MAX_COUNTED = 10_000;

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

/** What waits for a destination or was given up, each counted up to a limit. */
export interface Backlog {
  readonly pending: number;
  readonly oldestPendingAtMs: number | null;
  readonly dead: number;
}

export type DestinationBacklog = DestinationRow & Backlog;

/** Where a page begins: after this one. */
export type DestinationPlace = Pick<DestinationRow, 'merchantGatewayId' | 'merchantId' | 'name'>;

/** In the order of merchant gateway, merchant and name. */
@Injectable()
export class BacklogsRepository {
  constructor(private readonly statements: Statements) {}

  async page(merchantGateways: readonly string[], after: DestinationPlace, count: number) {
    const rows = await this.destinations(
      `(t.merchant_gateway_id, t.merchant_id, t.name) > (:merchantGatewayId, :merchantId, :name)`,
      { merchantGateways, ...after, count },
      'limit :count',
    );
    return this.withBacklogs(rows);
  }

  async find(merchantGateways: readonly string[], id: string): Promise<DestinationBacklog | undefined> {
    const [found] = await this.withBacklogs(await this.destinations('t.id = :id', { merchantGateways, id }));
    return found;
  }

  /** One destination after the other, so that SQLite gives way to requests between. */
  async withBacklogs(rows: readonly DestinationRow[]): Promise<DestinationBacklog[]> {
    const found: DestinationBacklog[] = [];
    for (const row of rows) {
      found.push({ ...row, ...(await this.pendingOf(row.id)), dead: await this.deadOf(row.id) });
      await nextTurn();
    }
    return found;
  }

  /** Of all destinations, by id; those without one are not in it. */
  async all(): Promise<ReadonlyMap<string, Backlog>> {
    const ids = new Set([...(await this.withAny('pending')), ...(await this.withAny('dead'))]);
    const found = new Map<string, Backlog>();
    for (const id of ids) {
      found.set(id, { ...(await this.pendingOf(id)), dead: await this.deadOf(id) });
      await nextTurn();
    }
    return found;
  }

  private destinations(condition: string, parameters: object, limit = ''): Promise<DestinationRow[]> {
    return this.statements.read(
      `select t.id as "id", t.merchant_gateway_id as "merchantGatewayId", t.merchant_id as "merchantId",
              m.name as "merchantName", t.name as "name", t.kind as "kind", t.rate_per_second as "ratePerSecond",
              t.paused_at_ms as "pausedAtMs", t.disabled_at_ms as "disabledAtMs"
       from destinations t
       join merchants m on m.merchant_gateway_id = t.merchant_gateway_id and m.id = t.merchant_id
       where t.deleted_at_ms is null and t.merchant_gateway_id in (:...merchantGateways) and ${condition}
       order by t.merchant_gateway_id, t.merchant_id, t.name ${limit}`,
      parameters,
    );
  }

  /** Each step is one descent of an index, however many deliveries a destination has. */
  private async withAny(state: 'pending' | 'dead'): Promise<string[]> {
    const rows = await this.statements.read<{ id: string }>(
      `with recursive found(id) as (
         select * from (
           select destination_id from deliveries where state = '${state}' order by destination_id limit 1) first
         union all
         select (select d.destination_id from deliveries d where d.state = '${state}' and d.destination_id > f.id
                 order by d.destination_id limit 1)
         from found f where f.id is not null
       )
       select id from found where id is not null`,
      {},
    );
    return rows.map(({ id }) => id);
  }

  private async pendingOf(id: string): Promise<Pick<Backlog, 'pending' | 'oldestPendingAtMs'>> {
    const [row] = await this.statements.read<{ pending: number | string; oldest: number | string | null }>(
      `select count(*) as "pending", min(created_at_ms) as "oldest" from (
         select created_at_ms from deliveries where destination_id = :id and state = 'pending'
         order by due_at_ms limit ${MAX_COUNTED}) looked_at`,
      { id },
    );
    const oldest = row?.oldest ?? null;
    return { pending: Number(row?.pending ?? 0), oldestPendingAtMs: oldest === null ? null : Number(oldest) };
  }

  private async deadOf(id: string): Promise<number> {
    const [row] = await this.statements.read<{ dead: number | string }>(
      `select count(*) as "dead" from (
         select 1 from deliveries where destination_id = :id and state = 'dead' limit ${MAX_COUNTED}) looked_at`,
      { id },
    );
    return Number(row?.dead ?? 0);
  }
}
