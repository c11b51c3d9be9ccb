import type { JWK } from 'jose';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { keyPairOf } from '../../auth/keys/key-pair.js';
import { SigningKeyFile } from '../../auth/keys/signing-key-file.js';
import type { GatewayConfig } from '../../config/gateway-config.js';
import { loadMasterKey } from '../../secrets/load-master-key.js';
import type { MasterKey } from '../../secrets/master-key.js';
import { keyFilePermissions } from './file-permissions.js';
import { failure, ok, warning, type Finding } from './finding.js';

/** @param dataSource undefined where there is no schema yet */
export async function examineKeys(config: GatewayConfig, dataSource: DataSource | undefined): Promise<Finding[]> {
  const { masterKey, masterKeyFile, signingKeyFile, signingKeyPassphraseFile } = config.keys;
  const file = masterKey ? undefined : (masterKeyFile ?? join(config.dataDir, 'master.key'));
  // Looking must not make one.
  if (file !== undefined && !masterKeyFile && !existsSync(file)) {
    return [warning('master key', 'There is none yet', 'The first start makes it in DATA_DIR; back it up then.')];
  }
  const key = await loadMasterKey(config);
  return [
    ...(file === undefined ? [] : await keyFilePermissions('master key', file)),
    await sameAsDatabase(key, dataSource),
    ...(signingKeyFile ? await keyFilePermissions('signing key', signingKeyFile) : []),
    ...(signingKeyPassphraseFile ? await keyFilePermissions('passphrase', signingKeyPassphraseFile) : []),
    await signingKey(config, key, dataSource),
  ];
}

async function sameAsDatabase(key: MasterKey, dataSource: DataSource | undefined): Promise<Finding> {
  const check = 'master key';
  const [row] =
    (await dataSource?.query<{ value: string }[]>(
      `select value from gateway_properties where name = 'master_key_fingerprint'`,
    )) ?? [];
  if (!row) return ok(check, 'can be read; no database was set up with it yet');
  return row.value === key.fingerprint()
    ? ok(check, 'is the one this database was set up with')
    : failure(
        check,
        'is not the one this database was set up with',
        'Set MASTER_KEY or MASTER_KEY_FILE to that one; without it secrets and signing keys are lost.',
      );
}

async function signingKey(config: GatewayConfig, key: MasterKey, dataSource: DataSource | undefined): Promise<Finding> {
  const check = 'signing key';
  const fromFile = await new SigningKeyFile(config).load();
  if (fromFile) return ok(check, `${fromFile.kid} from SIGNING_KEY_FILE`);
  const [row] =
    (await dataSource?.query<{ jwe: string }[]>(
      `select encrypted_private_jwk as jwe from signing_keys where state = 'active'`,
    )) ?? [];
  if (!row) return ok(check, 'none yet; the first start makes it');
  try {
    const { kid } = await keyPairOf(JSON.parse(await key.decrypt('signing-key', row.jwe)) as JWK);
    return ok(check, `${kid} can be used`);
  } catch {
    return failure(check, 'cannot be decrypted', 'Give the master key that this database was set up with.');
  }
}
