import type { OpenAPIObject } from '@nestjs/swagger';

interface Parameter {
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly example?: unknown;
  readonly schema?: { readonly example?: unknown };
}
type Operation = Record<string, unknown> & { parameters?: Parameter[] };

/**
 * Takes the examples of optional filters into their descriptions. Swagger UI fills examples in: a list would be asked for
 * with every filter there is, and find nothing.
 */
export function fitForTrying(document: OpenAPIObject): OpenAPIObject {
  for (const path of Object.values(document.paths as Record<string, Record<string, Operation>>)) {
    for (const operation of Object.values(path)) {
      if (operation.parameters) operation.parameters = operation.parameters.map(withoutExample);
    }
  }
  return document;
}

function withoutExample(parameter: Parameter): Parameter {
  const { example: ownExample, ...rest } = parameter;
  const { example: schemaExample, ...schema } = rest.schema ?? {};
  const example = ownExample ?? schemaExample;
  if (parameter.in !== 'query' || parameter.required === true || example === undefined) return parameter;
  const words = [rest.description, `For example \`${example as string}\`.`].filter(Boolean);
  return { ...rest, description: words.join(' '), ...(rest.schema && { schema }) };
}
