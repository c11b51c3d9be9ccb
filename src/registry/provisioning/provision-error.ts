import { ConfigurationError } from '../../config/load-config.js';

/** Where in a provisioning file: `['clients', 0, 'scopes']`. */
export type ProvisionPath = readonly (string | number)[];

/** A provisioning file that cannot be applied. Names file, line and path; nothing of it has been applied. */
export class ProvisionError extends ConfigurationError {
  constructor(file: string, problem: string, line?: number, path: ProvisionPath = []) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${path.length > 0 ? `${pathText(path)} ` : ''}${problem}`);
  }
}

function pathText(path: ProvisionPath): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`)).join('');
}
