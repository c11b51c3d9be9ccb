import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MERCHANT_GATEWAY_ID, MERCHANT_ID, NotifyUpdateParams, TOKEN_ID } from '@gateway/d1-contract';
import { getMetadataStorage } from 'class-validator';
import { send } from '../support/http.js';
import { TestGateway } from '../support/test-gateway.js';

const committed = parse(readFileSync('docs/openapi.yaml', 'utf8')) as unknown;
const notifyPath = '/merchant-gateways/{merchantGatewayId}/merchants/{merchantId}/tokens/{tokenId}/notify-update';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await TestGateway.start();
});
afterAll(() => gateway.close());

interface Operation {
  readonly operationId: string;
  readonly security?: readonly Record<string, string[]>[];
  readonly parameters: readonly { name: string; schema: { pattern: string } }[];
  readonly responses: Readonly<Record<string, object>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: Readonly<Record<string, object>> };
}

describe('the OpenAPI document', () => {
  it('is served as JSON and as YAML, and is the one that is committed (npm run openapi)', async () => {
    const json = await send(gateway.url, '/openapi.json', { method: 'GET' });
    const yaml = await send(gateway.url, '/openapi.yaml', { method: 'GET' });

    expect(json.json()).toEqual(committed);
    expect(parse(yaml.body)).toEqual(committed);
  });

  it('is OpenAPI 3.1 and shows the answers of the contract', () => {
    const { openapi, paths } = committed as Document;

    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths['/oauth2/token']?.post?.responses ?? {})).toEqual(['200', '400', '401', '429', '503']);
    expect(Object.keys(paths[notifyPath]?.post?.responses ?? {})).toEqual(['204', '400', '401', '404', '500', '503']);
  });

  it('publishes the patterns that are checked', () => {
    const operation = (committed as Document).paths[notifyPath]?.post;
    const published = operation?.parameters.slice(0, 3).map(({ name, schema }) => [name, schema.pattern]);
    const checked = getMetadataStorage()
      .getTargetValidationMetadatas(NotifyUpdateParams, '', false, false)
      .map(({ propertyName, constraints }) => [propertyName, (constraints?.[0] as RegExp | undefined)?.source]);

    expect(published).toEqual(checked);
    expect(published?.map(([, pattern]) => pattern)).toEqual(
      [MERCHANT_GATEWAY_ID, MERCHANT_ID, TOKEN_ID].map(({ pattern }) => pattern.source),
    );
  });

  it('lets a reader authorize: client credentials for D1’s call, Basic for the token', () => {
    const { paths, components } = committed as Document;

    expect(components.securitySchemes.clientCredentials).toEqual({
      type: 'oauth2',
      description: 'For D1’s notifications and for operators: id and secret of a client, and a scope that it may have.',
      flows: {
        clientCredentials: {
          tokenUrl: '/oauth2/token',
          scopes: {
            'd1:notify': 'Send notifications, as D1 does',
            'gateway:operate': 'Operate the gateway',
            'gateway:read': 'See how the gateway is, and change nothing',
          },
        },
      },
    });
    expect(paths[notifyPath]?.post?.security).toEqual([{ clientCredentials: ['d1:notify'] }]);
    expect(paths['/oauth2/token']?.post?.security).toEqual([{ clientSecretBasic: [] }]);
  });

  it('has every operation documented, and no id twice', () => {
    const operations = Object.values((committed as Document).paths).flatMap((path) => Object.values(path));
    const ids = operations.map(({ operationId }) => operationId);

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['getAccessToken', 'notifyTokenUpdate', 'getJwks', 'getReadiness']));
  });
});

describe('Swagger UI', () => {
  it('is at /docs', async () => {
    const page = await send(gateway.url, '/docs', { method: 'GET' });

    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('<title>D1 Merchant Gateway</title>');
  });
});
