import { afterAll, beforeAll, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { send, type Call } from '../../support/http.js';
import { ADMIN, RegistryGateway } from '../../support/registry-gateway.js';
import { basic, D1_CLIENT, MERCHANT, MERCHANT_GATEWAY } from '../../support/test-gateway.js';

/** Of a parameter. */
type Plain = string | number | boolean;

interface Schema {
  readonly $ref?: string;
  readonly example?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Media {
  readonly schema?: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly example?: unknown;
  readonly schema?: Schema;
}
interface Documented {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly security?: readonly Readonly<Record<string, unknown>>[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
interface Try extends Documented {
  readonly method: string;
  readonly template: string;
  readonly label: string;
  readonly call: Call;
}

const { paths, components } = parse(readFileSync('docs/openapi.yaml', 'utf8')) as OpenApi;
const resolved = (schema: Schema = {}): Schema =>
  schema.$ref ? (components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}) : schema;

/** What "Try it out" would send, for each media type and each example of it. */
function triesOf(template: string, method: string, operation: Documented): Try[] {
  const bodies = Object.entries(operation.requestBody?.content ?? {}).flatMap(([type, media]) =>
    examplesOf(media, operation.operationId).map(([name, value]) => ({
      name: `${type} ${name}`,
      call: callOf(type, value),
    })),
  );
  const tries = bodies.length > 0 ? bodies : [{ name: '', call: {} }];
  return tries.map(({ name, call }) => ({
    ...operation,
    method: method.toUpperCase(),
    template,
    call,
    label: `${operation.operationId} ${name}`.trim(),
  }));
}

function examplesOf({ schema, example, examples }: Media, operationId: string): [name: string, value: unknown][] {
  if (examples) return Object.entries(examples).map(([name, { value }]) => [name, value]);
  const { example: ofSchema, properties = {} } = resolved(schema);
  const given = example ?? ofSchema;
  if (given !== undefined) return [['', given]];
  // As Swagger UI does: an object of the examples of its properties.
  const values = Object.entries(properties).map(([name, property]) => {
    const value = sampleOf(property);
    if (value === undefined) throw new Error(`${operationId} is tried with a made-up ${name}: it has no example`);
    return [name, value];
  });
  return [['', Object.fromEntries(values)]];
}

/** What Swagger UI fills in, but for what it makes up. */
function sampleOf(schema: Schema | undefined): unknown {
  const { example, default: usual, enum: [first] = [] } = resolved(schema);
  return example ?? usual ?? first;
}

const exampleOf = ({ example, schema }: Parameter): Plain | undefined =>
  (example ?? resolved(schema).example) as Plain | undefined;

function callOf(type: string, value: unknown): Call {
  const isForm = type === 'application/x-www-form-urlencoded';
  const body = isForm ? new URLSearchParams(value as Record<string, string>).toString() : value;
  return { headers: { 'content-type': type }, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

function pathOf({ template, parameters = [] }: Try): string {
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((one) => one.in === 'path' && one.name === name);
    const example = parameter && exampleOf(parameter);
    if (example === undefined) throw new Error(`${template} has no example of ${name}`);
    return String(example);
  });
  const query = parameters.flatMap<[string, string]>((one) =>
    one.in === 'query' && exampleOf(one) !== undefined ? [[one.name, String(exampleOf(one))]] : [],
  );
  return query.length > 0 ? `${path}?${new URLSearchParams(query).toString()}` : path;
}

/** What is deleted is deleted last, and what is in something before that. */
function turnOf({ method, template }: Try): number {
  return method === 'DELETE' ? 1000 - template.length : 0;
}

const TRIES = Object.entries(paths)
  .flatMap(([template, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => triesOf(template, method, operation)),
  )
  .toSorted((one, other) => turnOf(one) - turnOf(other));

/** Of things whose ids the gateway makes, there is none with the example's. */
const isMadeHere = ({ template }: Try): boolean => /\{(id|secretId)\}/.test(template);

let registry: RegistryGateway;
beforeAll(async () => {
  registry = await RegistryGateway.start();
  const path = `/registry/merchant-gateways/${MERCHANT_GATEWAY}/merchants/${MERCHANT}/destinations/main`;
  const body = { kind: 'webhook', url: 'https://shop.example/d1' };
  expect((await registry.call('PUT', path, { body })).status).toBe(201);
});
afterAll(() => registry.close());

function lastLineOf(report: string): unknown {
  return JSON.parse(report.trim().split('\n').at(-1) ?? '');
}

async function credentials({ security = [], operationId }: Try): Promise<object> {
  if (security.some((way) => 'clientSecretBasic' in way)) {
    return { authorization: basic(D1_CLIENT, registry.gateway.secretOf(D1_CLIENT)) };
  }
  return security.length > 0 ? registry.authorization(operationId === 'notifyTokenUpdate' ? D1_CLIENT : ADMIN) : {};
}

it.each(TRIES)('$label works as Swagger UI fills it in', async (operation) => {
  const { method, call, parameters = [] } = operation;
  const headers = parameters.flatMap((one) =>
    one.in === 'header' && exampleOf(one) !== undefined ? [[one.name, String(exampleOf(one))] as const] : [],
  );
  const answer = await send(registry.gateway.url, pathOf(operation), {
    ...call,
    method,
    headers: {
      ...call.headers,
      ...(Object.fromEntries(headers) as Record<string, string>),
      ...(await credentials(operation)),
    },
  });

  expect(answer.status, answer.body).toBeOneOf(isMadeHere(operation) ? [200, 202, 204, 404] : [200, 201, 202, 204]);
  // Its 200 says only that it has begun.
  if (operation.operationId === 'importTokens') expect(lastLineOf(answer.body)).toMatchObject({ lines: 1, bad: 0 });
});

it('every operation is tried', () => {
  expect(new Set(TRIES.map(({ operationId }) => operationId)).size).toBe(
    Object.values(paths).flatMap((methods) => Object.keys(methods)).length,
  );
});
