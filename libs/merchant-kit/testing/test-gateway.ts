import type { Provider, Type } from '@nestjs/common';

/** A destination as the provisioning file declares it. */
export interface TestDestination {
  /** The merchant's name for it. */
  readonly name: string;
  /** `handler`, `webhook`, or a kind that a team has brought. */
  readonly kind: string;
  /** What that kind asks for: `handler`, `url`, `secret`, `coalesce` … */
  readonly [setting: string]: unknown;
}

/** What a test says of the gateway it starts. */
export interface TestGatewayOptions {
  /** The teams' modules, as `src/merchants.ts` would list them. */
  readonly merchants: readonly Type[];
  /** Settings: `TEAM_…` of the teams, and any of the gateway's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the one merchant (`MGW_000001`, `10610027312`) wants its updates. Default: one for each handler. */
  readonly destinations?: readonly TestDestination[];
  /** Its tokens. Default: `token-1`, `token-2` and `token-3`. */
  readonly tokens?: readonly string[];
  /** Providers put in the place of the team's own, by symbol or class. */
  readonly overrides?: readonly Extract<Provider, { useValue: unknown }>[];
}

/** A delivery as the database has it. */
export interface TestDelivery {
  /** The merchant's token that changed. */
  readonly tokenId: string;
  /** That of its notification. */
  readonly sequence: number;
  /** Where it stands. */
  readonly state: 'pending' | 'delivered' | 'dead' | 'cancelled';
  /** Tries that were made. */
  readonly attempts: number;
  /** Why the last try failed, or why it was cancelled. */
  readonly reason: string | null;
}

/**
 * A whole gateway in this process, on a port and a database of its own, with D1's simulator. Its clock stands still
 * until the test moves it.
 */
export interface TestGateway {
  /** Where it listens. */
  readonly url: string;
  /** A provider of the team's: its handler, its repository. */
  get<T>(provider: Type<T> | string | symbol): T;
  /**
   * Is D1: gets an access token and notifies, over HTTP, once.
   *
   * @returns the status of D1's answer: 204 once the gateway has it
   */
  notify(tokenId?: string, payload?: unknown): Promise<number>;
  /** All deliveries, by token and sequence. */
  deliveries(): Promise<readonly TestDelivery[]>;
  /**
   * Waits until so many deliveries are no longer pending.
   *
   * @throws Error with the deliveries as they are after 10 s
   */
  settled(count: number): Promise<readonly TestDelivery[]>;
  /** Waits until so many tries have been made in all. */
  tried(count: number): Promise<void>;
  /** Time passes: what has fallen due by then is tried. */
  later(seconds: number): Promise<void>;
  /** Rows of the gateway's database, the team's tables included. */
  query<Row>(sql: string): Promise<Row[]>;
  /** Stops it, and drops its database. */
  close(): Promise<void>;
}

/** Starts a gateway for a test. */
export type TestGatewayLauncher = (options: TestGatewayOptions) => Promise<TestGateway>;

let launcher: TestGatewayLauncher | undefined;

/**
 * Says how gateways are started: by the gateway's own test set-up, before any test. The kit itself knows nothing of the
 * gateway's code.
 */
export function setTestGatewayLauncher(launch: TestGatewayLauncher): void {
  launcher = launch;
}

/**
 * Starts a gateway in memory, with the teams' modules in it: for a team's end-to-end tests.
 *
 * @throws Error where the gateway would not start either, with the same words
 *
 * @example
 * ```ts
 * const gateway = await startTestGateway({ merchants: [AcmeModule] });
 * expect(await gateway.notify('token-1')).toBe(204);
 * await gateway.settled(1);
 * await gateway.close();
 * ```
 */
export async function startTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  if (!launcher) throw new Error('No gateway can be started here: run the test with vitest from the project’s root');
  return launcher(options);
}
