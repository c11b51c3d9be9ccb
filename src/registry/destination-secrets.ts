import { Injectable } from '@nestjs/common';
import { MasterKey } from '../secrets/master-key.js';

const PURPOSE = 'destination-secrets';
const FINGERPRINTS = 'destination-secret-fingerprints';
const FINGERPRINT_LENGTH = 12;

/** What webhooks are signed with: needed in clear to sign, so encrypted at rest rather than hashed. */
@Injectable()
export class DestinationSecrets {
  constructor(private readonly masterKey: MasterKey) {}

  encrypt(secrets: readonly string[]): Promise<string> {
    return this.masterKey.encrypt(PURPOSE, JSON.stringify(secrets));
  }

  /** Tells one secret from another, and tells nobody who lacks the master key what it is. */
  fingerprint(secret: string): string {
    return this.masterKey.hash(FINGERPRINTS, secret).slice(0, FINGERPRINT_LENGTH);
  }

  async decrypt(encrypted: string | null): Promise<readonly string[]> {
    if (encrypted === null) return [];
    return JSON.parse(await this.masterKey.decrypt(PURPOSE, encrypted)) as string[];
  }
}
