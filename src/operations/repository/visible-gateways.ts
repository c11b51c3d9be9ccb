import type { Caller } from '../../auth/access-tokens/caller.js';

/** No merchant gateway is called so; a list that is empty is not SQL. */
const NONE = [''];

/**
 * The merchant gateways of which a caller may see something: its own, or of these the one it asks for. It goes into every
 * statement.
 */
export function visibleGateways({ merchantGateways }: Caller, asked?: string): readonly string[] {
  // An operator is a client, and a client has a list.
  const own = merchantGateways === 'all' ? [] : [...merchantGateways];
  const visible = asked === undefined ? own : own.filter((id) => id === asked);
  return visible.length > 0 ? visible : NONE;
}
