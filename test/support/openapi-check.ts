import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Answer } from './answer.js';

interface ResponseObject {
  readonly headers?: Readonly<Record<string, { readonly schema: object; readonly required?: boolean }>>;
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}
interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, ResponseObject>> }>>>
  >;
}

const document = parse(readFileSync('docs/openapi.yaml', 'utf8')) as Document;
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'openapi');

const GATEWAY = '/registry/merchant-gateways/{merchantGatewayId}';

/** The operations that are held against it, by the paths that are theirs whatever stands in place of the ids. */
const OPERATIONS: readonly [RegExp, string][] = [
  [/^\/oauth2\/token(\?|$)/, '/oauth2/token'],
  [
    /^\/merchant-gateways\/[^/?]*\/merchants\/[^/?]*\/tokens\/[^/?]*\/notify-update(\?|$)/,
    '/merchant-gateways/{merchantGatewayId}/merchants/{merchantId}/tokens/{tokenId}/notify-update',
  ],
  [
    /^\/operations\/(notifications|deliveries|deliveries\/replay|reconciliation|unmatched|failed|audit)(\?|$)/,
    '/operations/$1',
  ],
  [/^\/operations\/failed\/[^/?]*\/replay(\?|$)/, '/operations/failed/{id}/replay'],
  [/^\/registry\/(merchant-gateways|clients|signing-keys)(\?|$)/, '/registry/$1'],
  [/^\/registry\/merchant-gateways\/[^/?]*(\?|$)/, '/registry/merchant-gateways/{merchantGatewayId}'],
  [/^\/registry\/merchant-gateways\/[^/?]*\/merchants(\?|$)/, `${GATEWAY}/merchants`],
  [/^\/registry\/merchant-gateways\/[^/?]*\/merchants\/[^/?]*(\?|$)/, `${GATEWAY}/merchants/{merchantId}`],
  [
    /^\/registry\/merchant-gateways\/[^/?]*\/merchants\/[^/?]*\/(tokens|destinations)(\?|$)/,
    `${GATEWAY}/merchants/{merchantId}/$1`,
  ],
  [
    /^\/registry\/merchant-gateways\/[^/?]*\/merchants\/[^/?]*\/tokens\/[^/?]*(\?|$)/,
    `${GATEWAY}/merchants/{merchantId}/tokens/{tokenId}`,
  ],
  [
    /^\/registry\/merchant-gateways\/[^/?]*\/merchants\/[^/?]*\/destinations\/[^/?]*(\?|$)/,
    `${GATEWAY}/merchants/{merchantId}/destinations/{destination}`,
  ],
  [/^\/registry\/clients\/[^/?]*(\?|$)/, '/registry/clients/{clientId}'],
  [/^\/registry\/clients\/[^/?]*\/secrets(\?|$)/, '/registry/clients/{clientId}/secrets'],
  [/^\/registry\/clients\/[^/?]*\/secrets\/[^/?]*(\?|$)/, '/registry/clients/{clientId}/secrets/{secretId}'],
  [/^\/operations\/(overview|destinations)(\?|$)/, '/operations/$1'],
  [/^\/operations\/destinations\/[^/?]*\/(pause|resume)(\?|$)/, '/operations/destinations/{id}/$1'],
  [/^\/operations\/deliveries\/[^/?]*(\?|$)/, '/operations/deliveries/{id}'],
  [/^\/operations\/deliveries\/[^/?]*\/replay(\?|$)/, '/operations/deliveries/{id}/replay'],
];

/** @throws Error where an answer of these operations is not as the committed document has it */
export function assertDocumented(method: string, path: string, answer: Answer): void {
  const template = templateOf(path);
  if (!template || !document.paths[template]?.[method.toLowerCase()]) return;
  const found = deviations(template, method, answer);
  if (found.length > 0) throw new Error(`Not as documented: ${answer.status} ${answer.body}: ${found.join('; ')}`);
}

function templateOf(path: string): string | undefined {
  for (const [pattern, template] of OPERATIONS) {
    const found = pattern.exec(path);
    if (found) return template.replace('$1', found[1] ?? '');
  }
  return undefined;
}

/**
 * Says what of an answer is not as the committed OpenAPI document has it: the status, the content type, the body
 * (JSON Schema 2020-12) or a header. An empty list says that all is.
 */
function deviations(pathTemplate: string, method: string, answer: Answer): string[] {
  const response = document.paths[pathTemplate]?.[method.toLowerCase()]?.responses[String(answer.status)];
  if (!response) return [`${method} ${pathTemplate} documents no ${answer.status}`];
  return [
    ...bodyDeviations(response, answer, pointer(pathTemplate, method, answer.status)),
    ...headerDeviations(response, answer),
  ];
}

function bodyDeviations({ content }: ResponseObject, { body, headers }: Answer, at: string): string[] {
  if (!content) return body === '' ? [] : ['a body where none is documented'];
  const type = String(headers['content-type'] ?? '').split(';')[0] ?? '';
  if (!content[type]) return [`content type ${type} is not documented`];
  return errors(validator(`${at}/content/${escape(type)}/schema`), JSON.parse(body), 'body');
}

function headerDeviations({ headers = {} }: ResponseObject, answer: Answer): string[] {
  return Object.entries(headers).flatMap(([name, { schema }]) => {
    const value = answer.headers[name.toLowerCase()];
    return value === undefined ? [`header ${name} is missing`] : errors(ajv.compile(schema), value, name);
  });
}

function validator(at: string): ValidateFunction {
  const found = ajv.getSchema(`openapi#${at}`);
  if (!found) throw new Error(`Nothing at ${at}`);
  return found;
}

function errors(validate: ValidateFunction, value: unknown, what: string): string[] {
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${what}${instancePath} ${message}`);
}

function pointer(pathTemplate: string, method: string, status: number): string {
  return `/paths/${escape(pathTemplate)}/${method.toLowerCase()}/responses/${status}`;
}

/** RFC 6901, section 3, within a URI fragment. */
function escape(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
