/**
 * Keeps private keys from being in clear where they are stored. The default encrypts under the master key; a module of a team's
 * own may put a key management service in its place (`{ provide: KeyVault, useClass: … }`), before the first start: what one
 * has encrypted no other can read.
 */
export abstract class KeyVault {
  /**
   * Called when a key is made.
   *
   * @param purpose what it is for: what is encrypted for one must not be readable for another
   * @returns a text to be stored
   */
  abstract encrypt(purpose: string, plaintext: string): Promise<string>;

  /**
   * Called at start, and when keys are looked for.
   *
   * @throws Error where it was not encrypted here and for this purpose
   */
  abstract decrypt(purpose: string, encrypted: string): Promise<string>;
}
