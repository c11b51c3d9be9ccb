// Writes the public surface of libs/merchant-kit to docs/api: what teams' code imports, and what their tests do. With --check it
// only compares, and fails while the two differ: what teams build on does not change by accident.
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Report by entry point. */
const REPORTS = { src: 'merchant-kit.api.md', testing: 'merchant-kit-testing.api.md' };

const check = process.argv.includes('--check');
const root = resolve(import.meta.dirname, '..');
mkdirSync(join(root, 'dist'), { recursive: true });
const folder = mkdtempSync(join(root, 'dist', 'api-'));
let exitCode = 1;
try {
  declare();
  const isGood = Object.entries(REPORTS).map(([entry, reportFileName]) => report(entry, reportFileName));
  exitCode = isGood.every(Boolean) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(exitCode);

function declare() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['-p', 'libs/merchant-kit/tsconfig.api.json', '--outDir', folder];
  const { status } = spawnSync(process.execPath, [tsc, ...options], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** The kit's own name means what was declared, not its source. */
function onDeclarations() {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  const paths = { '@gateway/merchant-kit': [join(folder, 'src/index.d.ts')] };
  return { compilerOptions: { ...compilerOptions, paths }, files: [join(folder, 'testing/index.d.ts')] };
}

function report(entry, reportFileName) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: join(folder, entry, 'index.d.ts'),
      compiler: { overrideTsconfig: onDeclarations() },
      apiReport: {
        enabled: true,
        reportFileName,
        reportFolder: join(root, 'docs/api'),
        reportTempFolder: folder,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'error' },
          // Everything exported is public: there are no release stages.
          'ae-missing-release-tag': { logLevel: 'none' },
          // What ConfigurableModuleBuilder makes is Nest's, not ours.
          'ae-forgotten-export': { logLevel: 'none' },
        },
        tsdocMessageReporting: { default: { logLevel: 'error' } },
      },
    },
    packageJsonFullPath: join(root, 'package.json'),
    configObjectFullPath: undefined,
  });
  return Extractor.invoke(config, { localBuild: !check, showVerboseMessages: false }).succeeded;
}
