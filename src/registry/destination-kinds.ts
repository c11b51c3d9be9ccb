import type { DestinationKind } from '@gateway/merchant-kit';

/** Kinds of destination beside the gateway's own. Whoever knows the teams provides them. */
export abstract class DestinationKinds {
  abstract readonly names: readonly string[];

  /** @returns undefined where no team has such a kind */
  abstract find(name: string): DestinationKind | undefined;
}
