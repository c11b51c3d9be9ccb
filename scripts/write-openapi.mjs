// Writes the OpenAPI document that the gateway's own decorators make, without any team's, to docs/openapi.yaml. A test fails while the two differ.
import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createGateway } from '../dist/src/app.setup.js';
import { loadConfig } from '../dist/src/config/load-config.js';
import { openApiDocument } from '../dist/src/docs/openapi.js';

const dataDir = mkdtempSync(join(tmpdir(), 'gateway-openapi-'));
const app = await createGateway(loadConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent' }), []);
writeFileSync('docs/openapi.yaml', stringify(openApiDocument(app), { aliasDuplicateObjects: false, lineWidth: 120 }));
await app.close();
rmSync(dataDir, { recursive: true });
