import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { getRepositoryToken } from '@nestjs/typeorm';
import { GatewayConfig } from '../config/gateway-config.js';
import { ConfigurationError } from '../config/load-config.js';
import { Transactions } from '../database/transactions.js';
import { GatewayProperty } from './gateway-property.entity.js';
import { loadMasterKey } from './load-master-key.js';
import { KeyVault } from './key-vault.js';
import { MasterKey } from './master-key.js';
import { PayloadCipher } from './payload-cipher.js';

const FINGERPRINT = 'master_key_fingerprint';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([GatewayProperty])],
  providers: [
    { provide: KeyVault, useExisting: MasterKey },
    {
      provide: MasterKey,
      inject: [GatewayConfig, Transactions, getRepositoryToken(GatewayProperty)],
      useFactory: async (
        config: GatewayConfig,
        transactions: Transactions,
        properties: Repository<GatewayProperty>,
      ) => {
        const key = await loadMasterKey(config);
        await assertSameForAll(key, transactions, properties);
        return key;
      },
    },
    PayloadCipher,
  ],
  exports: [KeyVault, MasterKey, PayloadCipher],
})
export class SecretsModule {}

/** The first start fixes the key; an instance with another one would neither know a secret nor read a signing key. */
async function assertSameForAll(
  key: MasterKey,
  transactions: Transactions,
  properties: Repository<GatewayProperty>,
): Promise<void> {
  await transactions.run((manager) =>
    manager
      .createQueryBuilder()
      .insert()
      .into(GatewayProperty)
      .values({ name: FINGERPRINT, value: key.fingerprint() })
      .orIgnore()
      .updateEntity(false)
      .execute(),
  );
  const { value } = await properties.findOneByOrFail({ name: FINGERPRINT });
  if (value !== key.fingerprint()) {
    throw new ConfigurationError(
      'The master key is not the one this database was set up with. Set MASTER_KEY or MASTER_KEY_FILE to that one.',
    );
  }
}
