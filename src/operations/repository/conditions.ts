/** A condition of a `where`, by the name of the parameter that calls for it. */
export type Conditions<Filter> = Readonly<{ [Name in keyof Filter]?: string }>;

/** The conditions of those parameters that are given. */
export function conditionsOf<Filter extends object>(conditions: Conditions<Filter>, filter: Filter): string {
  return Object.entries<string | undefined>(conditions)
    .filter(([name]) => filter[name as keyof Filter] !== undefined)
    .map(([, condition]) => `and ${condition}`)
    .join('\n');
}
