import type { INestApplication } from '@nestjs/common';
import { ACCESS_TOKEN_PATH, SCOPE_DESCRIPTIONS } from '@gateway/d1-contract';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { CSS, ndjsonAsItIs } from './swagger-ui.js';
import { fitForTrying } from './try-it-out.js';

const DESCRIPTION = `What Thales D1 calls when a token changes, and what surrounds it.

D1 fetches an access token and sends notifications with it. **204** says that the notification is on disk. D1 acts on the
status alone: 400, 401, 404 and 500 are final for it, 503 it retries.

This project is independent of Thales.`;

/** The OpenAPI 3.1 document, from the decorators. `tokenPath` is where the token URL stands in this deployment. */
export function openApiDocument(app: INestApplication, tokenPath: string = ACCESS_TOKEN_PATH): OpenAPIObject {
  const options = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('D1 Merchant Gateway')
    .setDescription(DESCRIPTION)
    .setVersion('1.0')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addTag('access token', 'D1 gets its access token.')
    .addTag('notifications', 'D1 says that a token has changed.')
    .addTag('registry', 'Merchant gateways, merchants, tokens, destinations, clients and keys.')
    .addTag('operations', 'What operators ask and do: search, replay, reconcile, audit.')
    .addTag('discovery', 'What a verifier of access tokens needs to know.')
    .addTag('health', 'For load balancers and orchestrators.')
    .addOAuth2(
      {
        type: 'oauth2',
        description:
          'For D1’s notifications and for operators: id and secret of a client, and a scope that it may have.',
        flows: { clientCredentials: { tokenUrl: tokenPath, scopes: { ...SCOPE_DESCRIPTIONS } } },
      },
      'clientCredentials',
    )
    .addBasicAuth(
      {
        type: 'http',
        scheme: 'basic',
        description: 'For what is asked about access tokens: client id and client secret.',
      },
      'clientSecretBasic',
    )
    .build();
  const document = fitForTrying(SwaggerModule.createDocument(app, options, { autoTagControllers: false }));
  return tokenPath === ACCESS_TOKEN_PATH ? document : withTokenPath(document, tokenPath);
}

function withTokenPath(document: OpenAPIObject, tokenPath: string): OpenAPIObject {
  const { [ACCESS_TOKEN_PATH]: operation, ...others } = document.paths;
  return { ...document, paths: { ...(operation && { [tokenPath]: operation }), ...others } };
}

/** Swagger UI at `/docs`, the document at `/openapi.json` and `/openapi.yaml`. */
export function serveDocs(app: INestApplication, tokenPath: string): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app, tokenPath), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'D1 Merchant Gateway',
    customCss: CSS,
    swaggerOptions: {
      persistAuthorization: false,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      plugins: [ndjsonAsItIs],
    },
  });
}
