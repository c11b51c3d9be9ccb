import { Injectable } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { GatewayAuthentications } from '../../auth/gateway-authentications.js';
import { assertConsistent } from './assert-consistent.js';
import type { ParsedProvisionFile } from './parse-provision-file.js';
import { ProvisionError } from './provision-error.js';

/** Reads provisioning files, and refuses what could not be applied to this gateway. */
@Injectable()
export class ProvisionReader {
  constructor(private readonly authentications: GatewayAuthentications) {}

  /** @throws ProvisionError naming line and path */
  async read(file: string): Promise<ParsedProvisionFile> {
    const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
      throw new ProvisionError(file, `cannot be read: ${cause.code}`);
    });
    // Here and not above: most starts read no file, and need no parser of YAML.
    const { parseProvisionFile } = await import('./parse-provision-file.js');
    const parsed = parseProvisionFile(file, text);
    assertConsistent(parsed);
    this.assertProvable(parsed);
    return parsed;
  }

  private assertProvable({ content, errorAt }: ParsedProvisionFile): void {
    for (const [index, { authentication }] of content.merchantGateways.entries()) {
      const fault = this.authentications.faultOf(authentication);
      if (fault) throw errorAt(['merchantGateways', index, 'authentication'], fault);
    }
  }
}
