import { Injectable } from '@nestjs/common';
import { lowestId } from '../../database/partitions/periods.js';
import { Statements } from '../repository/statements.js';
import { bucketSql } from './latency.js';

export interface AcceptedCount {
  readonly merchantGatewayId: string;
  readonly count: number | string;
}

/** Deliveries made to one destination, that took about as long. */
export interface DeliveredCount {
  readonly destinationId: string;
  readonly bucket: number;
  readonly count: number | string;
}

/** Counts what came in and what went out within a short time. */
@Injectable()
export class RecentRepository {
  constructor(private readonly statements: Statements) {}

  /** Ids begin with the time, so that the primary key finds them. */
  accepted(fromMs: number, toMs: number): Promise<AcceptedCount[]> {
    return this.statements.read(
      `select merchant_gateway_id as "merchantGatewayId", count(*) as "count" from notifications
       where id >= :from and id < :to group by merchant_gateway_id`,
      { from: lowestId(fromMs), to: lowestId(toMs) },
    );
  }

  /** However long ago they were accepted. */
  delivered(fromMs: number, toMs: number): Promise<DeliveredCount[]> {
    return this.statements.read(
      `select destination_id as "destinationId", ${bucketSql('(settled_at_ms - created_at_ms)')} as "bucket",
              count(*) as "count"
       from deliveries
       where state = 'delivered' and settled_at_ms >= :fromMs and settled_at_ms < :toMs
       group by 1, 2`,
      { fromMs, toMs },
    );
  }
}
