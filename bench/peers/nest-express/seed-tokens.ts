import type { DataSource } from 'typeorm';
import { Token } from './entities.js';

interface BenchRegistry {
  readonly merchantGatewayId: string;
  readonly merchantId: string;
  readonly tokenPrefix: string;
  readonly tokens: number;
}

const ROWS_PER_INSERT = 1000;

/** The tokens that the bench sends notifications for. */
export async function seedTokens(dataSource: DataSource): Promise<void> {
  const { merchantGatewayId, merchantId, tokenPrefix, tokens } = JSON.parse(
    process.env.REGISTRY ?? '',
  ) as BenchRegistry;
  const rows = Array.from({ length: tokens }, (_, index) => ({
    merchantGatewayId,
    merchantId,
    id: tokenPrefix + String(index + 1).padStart(8, '0'),
  }));
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
    await dataSource.getRepository(Token).insert(rows.slice(from, from + ROWS_PER_INSERT));
  }
}
