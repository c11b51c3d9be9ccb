export { Card } from './card.entity.js';
export { ExampleVaultHandler } from './example-vault.handler.js';
export { ExampleVaultModule } from './example-vault.module.js';
