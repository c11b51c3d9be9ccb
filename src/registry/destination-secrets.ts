import { Injectable } from '@nestjs/common';
import { MasterKey } from '../secrets/master-key.js';

const PURPOSE = 'destination-secrets';

/** What webhooks are signed with: needed in clear to sign, so encrypted at rest rather than hashed. */
@Injectable()
export class DestinationSecrets {
  constructor(private readonly masterKey: MasterKey) {}

  encrypt(secrets: readonly string[]): Promise<string> {
    return this.masterKey.encrypt(PURPOSE, JSON.stringify(secrets));
  }

  async decrypt(encrypted: string | null): Promise<readonly string[]> {
    if (encrypted === null) return [];
    return JSON.parse(await this.masterKey.decrypt(PURPOSE, encrypted)) as string[];
  }
}
