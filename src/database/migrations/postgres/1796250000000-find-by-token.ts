import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The same index, which begins with the token now: it is found without its merchant, and a row costs no more to write. */
export class FindByToken1796250000000 implements MigrationInterface {
  readonly name = 'FindByToken1796250000000';

  async up(runner: QueryRunner): Promise<void> {
    await keepApart(runner, '"token_id", "merchant_gateway_id", "merchant_id", "sequence", "id"');
  }

  async down(runner: QueryRunner): Promise<void> {
    await keepApart(runner, '"merchant_gateway_id", "merchant_id", "token_id", "sequence", "id"');
  }
}

async function keepApart(runner: QueryRunner, columns: string): Promise<void> {
  await runner.query('ALTER TABLE "notifications" DROP CONSTRAINT "uq_notifications_token_sequence"');
  await runner.query(
    `ALTER TABLE "notifications" ADD CONSTRAINT "uq_notifications_token_sequence" UNIQUE (${columns})`,
  );
}
