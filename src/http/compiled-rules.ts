// The ValidationPipe costs two thirds of a request (field measurement: 36k/s without, 10k/s with it and three
// @Matches). The decorators stay the one source of the rules; they are read once, at start, into a list of checks that
// the hot path walks in order.
import { getMetadataStorage, ValidationTypes } from 'class-validator';

export interface Fault {
  readonly property: string;
  readonly message: string;
  /** The rule's `context`. */
  readonly context?: unknown;
}

export type FindFault = (value: object) => Fault | undefined;

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
type Values = Readonly<Record<string, unknown>>;

/** What can be compiled, by class-validator's name of the rule. */
const CHECKS: Readonly<Record<string, (constraints: readonly unknown[]) => (value: unknown) => boolean>> = {
  matches: ([pattern]) => {
    if (!(pattern instanceof RegExp)) throw new Error('a pattern is a RegExp here');
    return (value) => typeof value === 'string' && pattern.test(value);
  },
  isIn: ([allowed]) => {
    const values = new Set(allowed as readonly unknown[]);
    return (value) => values.has(value);
  },
  isNotEmpty: () => (value) => value !== '' && value !== null && value !== undefined,
};

/**
 * Compiles a class of `@Matches`, `@IsIn`, `@IsNotEmpty` and `@IsOptional`, each rule with a message, into a function
 * that returns the first fault: in the order of the properties, and for each in that in which class-validator checks.
 *
 * @throws Error at start, where the class has a rule that this cannot express
 */
export function compileRules(dto: abstract new () => object): FindFault {
  const metadata = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  const optional = new Set(metadata.filter(isOptional).map(({ propertyName }) => propertyName));
  const rules = metadata.filter((rule) => !isOptional(rule)).map((rule) => compiled(dto, rule));
  return (value) => {
    for (const { fault, holds } of rules) {
      const actual = (value as Values)[fault.property];
      if (!holds(actual) && !(actual == null && optional.has(fault.property))) return fault;
    }
    return undefined;
  };
}

/** `@IsOptional` tells itself by what it would say of a missing value, as no other condition is declared here. */
function isOptional({ type }: Metadata): boolean {
  return type === ValidationTypes.CONDITIONAL_VALIDATION;
}

function compiled(
  dto: abstract new () => object,
  rule: Metadata,
): { fault: Fault; holds: (value: unknown) => boolean } {
  const { name = rule.type, propertyName: property, constraints, message } = rule;
  const check = CHECKS[name];
  if (!check || typeof message !== 'string') {
    throw new Error(`${dto.name}.${property}: ${name} cannot be compiled, or has no message`);
  }
  const context = rule.context as unknown;
  return {
    fault: { property, message, ...(context !== undefined && { context }) },
    holds: check((constraints ?? []) as unknown[]),
  };
}
