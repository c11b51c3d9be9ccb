import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { DataSource } from 'typeorm';
import type { GatewayConfig } from '../config/gateway-config.js';
import { loadConfig } from '../config/load-config.js';
import type { Actor } from '../operations/audit/actor.js';
import { CliError } from './error-line.js';
import { ServicesModule } from './services.module.js';

export interface OpenToolbox {
  /** The services that the HTTP API has, on the same database. */
  readonly services: INestApplicationContext;
  /** Whoever has a shell here and the configuration: of every merchant gateway. */
  readonly operator: Actor;
}

type Variables = Parameters<typeof loadConfig>[0];

/** @throws CliError, ConfigurationError or UnfitDatabase */
export async function openToolbox(variables: Variables): Promise<OpenToolbox> {
  const config = toolConfig(variables);
  if (config.database.engine === 'sqlite' && !existsSync(config.database.file)) {
    throw new CliError(`There is no database in ${config.dataDir} yet. Run d1-gateway migrate, or start the gateway.`);
  }
  const services = await NestFactory.createApplicationContext(ServicesModule.forRoot(config), {
    logger: false,
    abortOnError: false,
  });
  const rows = await services.get(DataSource).query<{ id: string }[]>('select id from merchant_gateways');
  return {
    services,
    operator: {
      clientId: `cli:${userName()}`,
      merchantGateways: new Set(rows.map(({ id }) => id)),
      isUnlimited: true,
      remoteAddress: 'local',
      correlationId: randomUUID(),
    },
  };
}

/** The gateway's configuration without what a gateway does: no roles, nothing provisioned. */
function toolConfig(variables: Variables): GatewayConfig {
  const { provisionFile: _file, exampleProvisionFile: _example, ...config } = loadConfig(variables);
  return { ...config, roles: new Set() };
}

/** A container's user may have no name. */
function userName(): string {
  try {
    return userInfo().username.slice(0, 100);
  } catch {
    return 'unknown';
  }
}
