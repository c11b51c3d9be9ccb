import {
  delivered,
  MerchantMetrics,
  MerchantModule,
  MerchantTransactions,
  type HandlerContext,
  type HandlerHealth,
  type MerchantHandler,
  type MerchantModuleOptions,
  type Outcome,
  type TokenUpdatedEvent,
} from '@gateway/merchant-kit';
import { Controller, Get, Injectable, Module, type Provider, type Type } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { InjectRepository } from '@nestjs/typeorm';
import { IsInt, IsString, Min } from 'class-validator';
import { Type as Typed } from 'class-transformer';
import { Column, Entity, PrimaryColumn, Repository, type MigrationInterface, type QueryRunner } from 'typeorm';

@Entity('team_acme_seen')
export class Seen {
  @PrimaryColumn({ name: 'token_id', type: 'varchar', length: 48, primaryKeyConstraintName: 'pk_team_acme_seen' })
  tokenId!: string;

  @Column({ type: 'integer' })
  sequence!: number;
}

export class AcmeSeen1795700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE "team_acme_seen" (
        "token_id" varchar(48) NOT NULL, "sequence" integer NOT NULL,
        CONSTRAINT "pk_team_acme_seen" PRIMARY KEY ("token_id"))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "team_acme_seen"`);
  }
}

export class AcmeConfiguration {
  @IsString()
  vaultUrl: string = 'none';

  @Typed(() => Number)
  @Min(1)
  @IsInt()
  pageSize: number = 10;
}

@Injectable()
export class AcmeHandler implements MerchantHandler {
  readonly calls: string[] = [];
  health: HandlerHealth = true;

  constructor(
    private readonly transactions: MerchantTransactions,
    private readonly metrics: MerchantMetrics,
  ) {}

  start(): void {
    this.calls.push('start');
  }

  stop(): void {
    this.calls.push('stop');
  }

  healthy(): HandlerHealth {
    return this.health;
  }

  async handle({ data }: TokenUpdatedEvent, { sequence, logger }: HandlerContext): Promise<Outcome> {
    this.calls.push(`handle ${sequence}`);
    logger.info('seen', { sequence });
    await this.transactions.run((manager) => manager.insert(Seen, { tokenId: data.tokenId, sequence }));
    this.metrics.count('seen_total');
    return delivered();
  }
}

@Controller('seen')
export class SeenController {
  constructor(
    @InjectRepository(Seen) private readonly seen: Repository<Seen>,
    private readonly configuration: AcmeConfiguration,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'acmeSeen', summary: 'What Acme has seen' })
  @ApiOkResponse()
  async list(): Promise<object> {
    const { vaultUrl, pageSize } = this.configuration;
    return { vaultUrl, pageSize, seen: await this.seen.find() };
  }
}

export const ACME: MerchantModuleOptions = {
  team: 'acme',
  kit: '^1.0',
  handlers: { acme: AcmeHandler },
  entities: [Seen],
  migrations: { sqlite: [AcmeSeen1795700000000], postgres: [AcmeSeen1795700000000] },
  configuration: AcmeConfiguration,
};

@Module({ imports: [MerchantModule.register(ACME)], providers: [AcmeHandler], controllers: [SeenController] })
export class AcmeModule {}

/** A team's module with nothing in it but what a test is about. */
export function teamModule(
  options: Partial<MerchantModuleOptions>,
  {
    name = 'OtherModule',
    imports = [],
    providers = [],
  }: { name?: string; imports?: Type[]; providers?: Provider[] } = {},
): Type {
  @Module({ imports: [MerchantModule.register({ team: 'other', kit: '^1.0', ...options }), ...imports], providers })
  class TeamModule {}
  Object.defineProperty(TeamModule, 'name', { value: name });
  return TeamModule;
}
