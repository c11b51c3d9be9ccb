// The operations of an OpenAPI document, and how each is called about what the first tenant has.
import type { Call } from '../support/http.js';
import { FIRST, type TwoTenants } from './two-tenants.js';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
}
interface DocumentedOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly requestBody?: object;
}
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
}

export interface Operation extends DocumentedOperation {
  readonly method: string;
  readonly template: string;
  /** Of which one is enough; none for what is open to everybody. */
  readonly scopes: readonly string[];
  /** With a client's id and secret instead. */
  readonly isWithSecret: boolean;
}

export function operationsOf({ paths }: Document): Operation[] {
  return Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      template,
      scopes: (operation.security ?? []).flatMap((way) => Object.values(way).flat()),
      isWithSecret: (operation.security ?? []).some((way) => 'clientSecretBasic' in way),
    })),
  );
}

const json = (body: object): Call => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const aboutToken = ({ ids }: TwoTenants): Call => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: `token=${ids.accessToken}`,
});

/** A body for each operation that takes one. An operation that is not here, and takes one, cannot be called. */
const BODIES: Readonly<Record<string, Call | ((world: TwoTenants) => Call)>> = {
  introspectToken: aboutToken,
  revokeToken: aboutToken,
  notifyTokenUpdate: json({ from: 'the second tenant' }),
  replayDeliveries: json({ merchantGatewayId: FIRST.merchantGatewayId, state: 'delivered' }),
  putMerchantGateway: json({ name: 'Renamed' }),
  putMerchant: json({ name: 'Renamed' }),
  putDestination: json({ kind: 'webhook', url: 'https://elsewhere.example/hook' }),
  createClient: json({ clientId: 'made-here', scopes: ['gateway:read'], merchantGateways: [FIRST.merchantGatewayId] }),
  changeClient: json({ disabled: true }),
  addClientSecret: json({}),
  importTokens: { headers: { 'content-type': 'application/x-ndjson' }, body: '{"id":"imported"}\n' },
};

export function bodyOf({ operationId, requestBody }: Operation, world: TwoTenants): Call {
  const body = BODIES[operationId];
  if (requestBody && !body) throw new Error(`The suite has no body for ${operationId}`);
  return (typeof body === 'function' ? body(world) : body) ?? {};
}

/** The path about the first tenant's things, with whatever the query must have. */
export function pathOf({ template, parameters = [], operationId }: Operation, world: TwoTenants): string {
  const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => valueOf(name, template, operationId, world));
  const required = parameters.filter((parameter) => parameter.in === 'query' && parameter.required);
  return withQuery(path, required, (name) => valueOf(name, template, operationId, world));
}

/** The same, asked for with every one of its query parameters in turn that names something of the first tenant. */
export function queriedPaths(operation: Operation, world: TwoTenants): string[] {
  const base = pathOf(operation, world);
  const names = (operation.parameters ?? [])
    .filter((parameter) => parameter.in === 'query' && !parameter.required)
    .map(({ name }) => name);
  return names
    .filter((name) => name in IDS)
    .map((name) => `${base}${base.includes('?') ? '&' : '?'}${name}=${IDS[name]?.(world, '')}`);
}

function withQuery(path: string, required: readonly Parameter[], value: (name: string) => string): string {
  return required.reduce((url, { name }, index) => `${url}${index === 0 ? '?' : '&'}${name}=${value(name)}`, path);
}

/** By the parameter's name. */
const IDS: Readonly<Record<string, (world: TwoTenants, template: string) => string>> = {
  merchantGatewayId: () => FIRST.merchantGatewayId,
  merchantId: () => FIRST.merchantId,
  tokenId: () => FIRST.tokenId,
  destination: () => FIRST.destination,
  clientId: () => FIRST.clientId,
  correlationId: () => FIRST.correlationId,
  secretId: ({ ids }) => ids.secretId,
  id: ({ ids }, template) => {
    if (template.includes('/failed/')) return ids.failedId;
    return template.includes('/destinations/') ? ids.destinationId : ids.deliveryId;
  },
};

function valueOf(name: string, template: string, operationId: string, world: TwoTenants): string {
  const value = IDS[name];
  if (!value) throw new Error(`The suite knows no ${name} of the first tenant: ${operationId} cannot be called`);
  return value(world, template);
}
