/** What an access token may be used for. */
export const Scope = {
  /** D1: send notifications. */
  Notify: 'd1:notify',
  /** Operators: registry and operations. */
  Operate: 'gateway:operate',
  /** Operators who only look, and monitoring. */
  Read: 'gateway:read',
} as const;

export type Scope = (typeof Scope)[keyof typeof Scope];

export const SCOPES: readonly Scope[] = Object.values(Scope);

export const SCOPE_DESCRIPTIONS: Readonly<Record<Scope, string>> = {
  [Scope.Notify]: 'Send notifications, as D1 does',
  [Scope.Operate]: 'Operate the gateway',
  [Scope.Read]: 'See how the gateway is, and change nothing',
};
