import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { AppModule } from '../../src/app.module.js';
import { configureApp } from '../../src/app.setup.js';
import { Clock } from '../../src/clock/clock.js';
import type { GatewayConfig } from '../../src/config/gateway-config.js';
import { loadConfig } from '../../src/config/load-config.js';
import { createHttpAdapter } from '../../src/http/http-adapter.js';
import { PinoLoggerService } from '../../src/observability/pino-logger.service.js';
import { StartupProvisioning } from '../../src/registry/provisioning/startup-provisioning.js';
import { assertListed } from './listed-fields.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { TestClock } from './test-clock.js';

export const MERCHANT_GATEWAY = 'MGW_000001';
export const MERCHANT = '10610027312';
export const TOKEN = '01fb32ff-5ed0-497f-8835-6af0916f29c0';
export const D1_CLIENT = 'is_tbank01';

/** Two merchant gateways, a client each, and an operator. Secrets are generated. */
export const PROVISION = {
  merchantGateways: [
    { id: MERCHANT_GATEWAY, name: 'Example PSP', merchants: [{ id: MERCHANT, name: 'Example shop', tokens: [TOKEN] }] },
    {
      id: 'MGW_000002',
      name: 'Other PSP',
      merchants: [{ id: '20610027312', name: 'Other shop', tokens: ['other-token'] }],
    },
  ],
  clients: [
    { clientId: D1_CLIENT, scopes: ['d1:notify'], merchantGateways: [MERCHANT_GATEWAY] },
    { clientId: 'other_bank', scopes: ['d1:notify'], merchantGateways: ['MGW_000002'] },
    { clientId: 'operator', scopes: ['gateway:operate'], merchantGateways: [MERCHANT_GATEWAY] },
  ],
};

export interface TestGatewayOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Content of the provisioning file. */
  readonly provision?: object;
  /** An existing database, which is then left alone on close. */
  readonly database?: TestDatabase;
  /** Other modules beside the gateway's. */
  readonly modules?: readonly Type[];
  /** Teams' modules, as `src/merchants.ts` lists them. */
  readonly teams?: readonly Type[];
  /** Puts other providers in place, as an extension would. */
  readonly customise?: (builder: TestingModuleBuilder) => TestingModuleBuilder;
}

/** A whole gateway on a port of its own, in this process. */
export class TestGateway {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly config: GatewayConfig,
    readonly clock: TestClock,
    readonly database: TestDatabase,
    /** Everything it has logged, line by line. */
    readonly logLines: readonly string[],
    private readonly ownsDatabase: boolean,
  ) {}

  static async start({
    env = {},
    provision = PROVISION,
    database: given,
    modules = [],
    teams = [],
    customise = (b) => b,
  }: TestGatewayOptions = {}): Promise<TestGateway> {
    const database = given ?? (await createTestDatabase());
    const provisionFile = join(database.dataDir, 'provision.json');
    await writeFile(provisionFile, JSON.stringify(provision));
    const config = loadConfig({
      PROVISION_FILE: provisionFile,
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'debug',
      ...database.env,
      ...env,
    });
    const logLines: string[] = [];
    const logger = new PinoLoggerService(config, { write: (line) => void logLines.push(line) });
    const clock = new TestClock();
    const builder = Test.createTestingModule({ imports: [AppModule.forRoot(config, teams), ...modules] })
      .overrideProvider(Clock)
      .useValue(clock);
    builder.setLogger(logger);
    const module = await customise(builder).compile();
    const app = module.createNestApplication<NestFastifyApplication>(createHttpAdapter(config), { bodyParser: false });
    app.useLogger(logger);
    configureApp(app, config, logger);
    await app.listen(0, '127.0.0.1').catch(async (error: unknown) => {
      await app.close();
      throw error;
    });
    const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
    return new TestGateway(app, url, config, clock, database, logLines, given === undefined);
  }

  get dataSource(): DataSource {
    return this.app.get(DataSource);
  }

  /** The generated secret of a client of the provisioning file. */
  secretOf(clientId: string): string {
    const secret = this.app.get(StartupProvisioning).result?.generatedSecrets.get(clientId);
    if (secret === undefined) throw new Error(`${clientId} has got no generated secret at this start`);
    return secret;
  }

  async accessToken(clientId: string = D1_CLIENT): Promise<string> {
    const answer = await fetch(this.url + this.config.auth.tokenPath, {
      method: 'POST',
      headers: { authorization: basic(clientId, this.secretOf(clientId)) },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: accessToken } = (await answer.json()) as { access_token: string };
    return accessToken;
  }

  async query<Row>(sql: string): Promise<Row[]> {
    return this.dataSource.query(sql);
  }

  async close(): Promise<void> {
    await this.app.close();
    if (this.ownsDatabase) await this.database.drop();
    assertListed(this.logLines);
  }
}

export function basic(clientId: string, clientSecret: string): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}

export function notifyPath(merchantGatewayId = MERCHANT_GATEWAY, merchantId = MERCHANT, tokenId = TOKEN): string {
  return `/merchant-gateways/${merchantGatewayId}/merchants/${merchantId}/tokens/${tokenId}/notify-update`;
}
