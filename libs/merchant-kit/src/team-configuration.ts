import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

/** What the environment variables of a team begin with: `TEAM_ACME_EU_` for `acme-eu`. */
export function variablePrefixOf(team: string): string {
  return `TEAM_${team.replaceAll('-', '_').toUpperCase()}_`;
}

/**
 * Fills a team's configuration class: `vaultUrl` from `TEAM_ACME_VAULT_URL`. An empty variable counts as unset.
 *
 * @throws Error naming every variable at fault, and never its value
 */
export function readConfiguration<T extends object>(
  configuration: Type<T>,
  team: string,
  variables: Readonly<Record<string, string>>,
): T {
  const prefix = variablePrefixOf(team);
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    if (name.startsWith(prefix) && value !== '') values[propertyName(name.slice(prefix.length))] = value;
  }
  const filled = plainToInstance(configuration, values, { exposeDefaultValues: true });
  const faults = validateSync(filled, { validationError: { target: false, value: false } });
  if (faults.length === 0) return Object.freeze(filled);
  const problems = faults.map(
    ({ property, constraints = {} }) =>
      `${prefix}${variableName(property)}: ${Object.values(constraints)[0] ?? 'is not valid'}`,
  );
  throw new Error(`Configuration of team ${team}: ${problems.join('; ')}`);
}

function propertyName(variable: string): string {
  return variable.toLowerCase().replaceAll(/_+([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

function variableName(property: string): string {
  return property.replaceAll(/([A-Z])/g, '_$1').toUpperCase();
}
