import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { GatewayConfig } from '../../config/gateway-config.js';
import { RegistryRepository } from '../registry.repository.js';
import { Provisioner, type ProvisionResult } from './provisioner.js';

/**
 * Applies `PROVISION_FILE` at start, before anything is checked or started on the ground of what is registered; where it is not set, the example into an empty registry outside production.
 */
@Injectable()
export class StartupProvisioning implements OnModuleInit {
  private readonly logger = new Logger(StartupProvisioning.name);
  /** What was applied at this start, if anything. */
  result: ProvisionResult | undefined;

  constructor(
    private readonly config: GatewayConfig,
    private readonly registry: RegistryRepository,
    private readonly provisioner: Provisioner,
  ) {}

  async onModuleInit(): Promise<void> {
    const file = this.config.provisionFile ?? (await this.exampleForEmptyRegistry());
    if (!file) return;
    this.result = await this.provisioner.applyFile(file, {
      // In production what is printed goes to a log that others read.
      generateSecrets: !this.config.production,
      // A restart must not take from D1 the secret that it was given since.
      keepSecrets: true,
    });
    const { generatedSecrets: _secret, ...counts } = this.result;
    this.logger.log({ msg: 'Provisioned', file, ...counts });
  }

  private async exampleForEmptyRegistry(): Promise<string | undefined> {
    return (await this.registry.isEmpty()) ? this.config.exampleProvisionFile : undefined;
  }
}
