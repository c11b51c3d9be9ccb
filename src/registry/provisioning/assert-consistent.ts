import type { ParsedProvisionFile } from './parse-provision-file.js';
import type { ProvisionPath } from './provision-error.js';

/** @throws ProvisionError where the same thing is declared twice: which of the two holds would be chance */
export function assertConsistent({ content, errorAt }: ParsedProvisionFile): void {
  const assertUnique = (ids: readonly string[], pathOf: (index: number) => ProvisionPath): void => {
    const seen = new Set<string>();
    for (const [index, id] of ids.entries()) {
      if (seen.has(id)) throw errorAt(pathOf(index), `declares ${id} a second time`);
      seen.add(id);
    }
  };
  assertUnique(
    content.merchantGateways.map(({ id }) => id),
    (index) => ['merchantGateways', index, 'id'],
  );
  assertUnique(
    content.clients.map(({ clientId }) => clientId),
    (index) => ['clients', index, 'clientId'],
  );
  for (const [gateway, { merchants }] of content.merchantGateways.entries()) {
    assertUnique(
      merchants.map(({ id }) => id),
      (index) => ['merchantGateways', gateway, 'merchants', index, 'id'],
    );
    for (const [merchant, { destinations }] of merchants.entries()) {
      assertUnique(
        destinations.map(({ name }) => name),
        (index) => ['merchantGateways', gateway, 'merchants', merchant, 'destinations', index, 'name'],
      );
    }
  }
}
