import { ConfigurableModuleBuilder, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { D1ClientOptions } from './d1-client-options.js';
import { D1Client } from './d1-client.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<D1ClientOptions>({
  moduleName: 'D1Client',
}).build();

/**
 * Provides a {@link D1Client} to a Nest module, and closes it when the application stops.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [D1ClientModule.registerAsync({ inject: [VaultConfig], useFactory: ({ d1 }: VaultConfig) => d1 })],
 *   providers: [VaultHandler],
 * })
 * export class VaultModule {}
 * ```
 */
@Module({
  providers: [
    {
      provide: D1Client,
      inject: [MODULE_OPTIONS_TOKEN],
      useFactory: (options: D1ClientOptions) => new D1Client(options),
    },
  ],
  exports: [D1Client],
})
export class D1ClientModule extends ConfigurableModuleClass implements OnApplicationShutdown {
  @Inject(D1Client)
  private readonly client!: D1Client;

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}
