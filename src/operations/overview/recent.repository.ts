import { Injectable } from '@nestjs/common';
import { lowestId } from '../../database/partitions/periods.js';
import { Statements } from '../repository/statements.js';
import { bucketSql } from './latency.js';

export interface AcceptedCount {
  readonly merchantGatewayId: string;
  readonly count: number | string;
}

/** Deliveries of one destination; `minute` and `bucket` are null while they are pending. */
export interface OutcomeCount {
  readonly destinationId: string;
  /** Minutes since the epoch, of when they were delivered. */
  readonly minute: number | string | null;
  readonly bucket: number | null;
  readonly count: number | string;
}

/** Counts what came in within a short time; ids begin with the time, so that the primary key finds it. */
@Injectable()
export class RecentRepository {
  constructor(private readonly statements: Statements) {}

  accepted(fromMs: number, toMs: number): Promise<AcceptedCount[]> {
    return this.statements.read(
      `select merchant_gateway_id as "merchantGatewayId", count(*) as "count" from notifications
       where id >= :from and id < :to group by merchant_gateway_id`,
      { from: lowestId(fromMs), to: lowestId(toMs) },
    );
  }

  /** Delivered or pending. */
  outcomes(fromMs: number, toMs: number): Promise<OutcomeCount[]> {
    return this.statements.read(
      `select destination_id as "destinationId", settled_at_ms / 60000 as "minute",
              case state when 'delivered' then ${bucketSql('(settled_at_ms - created_at_ms)')} end as "bucket",
              count(*) as "count"
       from deliveries
       where id >= :from and id < :to and state in ('delivered', 'pending')
       group by 1, 2, 3`,
      { from: lowestId(fromMs), to: lowestId(toMs) },
    );
  }
}
