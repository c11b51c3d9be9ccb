import { ConfigurableModuleBuilder, Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants.js';
import { TypeOrmModule } from '@nestjs/typeorm';
import { MerchantHost } from './merchant-host.js';
import { MerchantMetrics } from './merchant-metrics.js';
import { MerchantTransactions } from './merchant-transactions.js';
import type { MerchantModuleOptions } from './merchant-module.options.js';
import { readConfiguration } from './team-configuration.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<MerchantModuleOptions>({
  moduleName: 'Merchant',
}).build();

/**
 * What makes a Nest module a team's module: import it, registered, and list the module in `src/merchants.ts`.
 *
 * It brings `@InjectRepository` for the team's entities, the team's configuration, `MerchantTransactions` and
 * `MerchantMetrics`.
 *
 * @example
 * ```ts
 * \@Module({
 *   imports: [MerchantModule.register({ team: 'acme', kit: '^1.0', handlers: { acme: AcmeHandler } })],
 *   providers: [AcmeHandler],
 * })
 * export class AcmeModule {}
 * ```
 */
@Module({})
export class MerchantModule extends ConfigurableModuleClass {
  /** States what the team brings. Called once, in the `imports` of the team's module. */
  static override register(options: MerchantModuleOptions): DynamicModule {
    const module = super.register(options);
    const own = teamProviders(options);
    const entities = TypeOrmModule.forFeature([...(options.entities ?? [])]);
    return {
      ...module,
      imports: [entities],
      providers: [...(module.providers ?? []), ...own.map(({ provider }) => provider)],
      exports: [entities, ...own.map(({ token }) => token)],
    };
  }
}

/**
 * Reads what a team's module has registered, without starting anything: for the gateway, which needs tables and
 * migrations before it makes modules.
 *
 * @returns undefined where the module does not import a registered `MerchantModule`
 */
export function merchantModuleOptions(module: Type): MerchantModuleOptions | undefined {
  const imports = (Reflect.getMetadata(MODULE_METADATA.IMPORTS, module) ?? []) as readonly Partial<DynamicModule>[];
  const registered = imports.find((one) => one?.module === MerchantModule);
  const provider = registered?.providers?.find(
    (one): one is { provide: symbol; useValue: MerchantModuleOptions } =>
      (one as { provide?: unknown }).provide === MODULE_OPTIONS_TOKEN,
  );
  return provider?.useValue;
}

function teamProviders({ team, configuration }: MerchantModuleOptions): { token: Type; provider: Provider }[] {
  const fromHost = <T>(token: Type, take: (host: MerchantHost) => T): { token: Type; provider: Provider } => ({
    token,
    provider: { provide: token, inject: [MerchantHost], useFactory: take },
  });
  return [
    fromHost(MerchantMetrics as Type, (host) => host.metricsOf(team)),
    fromHost(MerchantTransactions as Type, (host) => host.transactions),
    ...(configuration
      ? [fromHost(configuration, ({ variables }) => readConfiguration(configuration, team, variables))]
      : []),
  ];
}
