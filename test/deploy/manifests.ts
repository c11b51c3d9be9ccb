import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';

const FOLDER = 'deploy/kubernetes';
/** Not objects of the cluster. */
const OTHER_FILES = new Set(['kustomization.yaml', 'provision.yaml']);

export interface Manifest {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/** Every Kubernetes object under deploy/kubernetes. */
export function manifests(): Manifest[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.yaml') && !OTHER_FILES.has(file));
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8')).map((document) => ({
      ...(document.toJS() as Omit<Manifest, 'file'>),
      file,
    })),
  );
}

/** @throws Error that names the first field that is missing or wrong by the schema of the API */
export async function assertBySchema({ file: _, ...object }: Manifest): Promise<void> {
  type Model = new (data: object) => { validate(): void };
  const models = (await import(/* @vite-ignore */ `kubernetes-models/${object.apiVersion}`)) as Record<string, Model>;
  const KindModel = models[object.kind];
  if (!KindModel) throw new Error(`There is no ${object.kind} in ${object.apiVersion}`);
  new KindModel(object).validate();
}

/**
 * What the schema lets pass: fields that do not exist. A cluster drops them, and what was meant does not happen. The
 * compiler finds them, as each object is a literal of its kind's type.
 */
export function unknownFields(objects: readonly Manifest[]): string[] {
  const name = join(process.cwd(), 'test/deploy/manifests-as-literals.ts');
  const source = objects
    .map(({ file: _, ...object }, index) => {
      const type = `import('kubernetes-models/${object.apiVersion}').I${object.kind}`;
      return `export const object${index}: ${type} = ${JSON.stringify(object)};`;
    })
    .join('\n');
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = (file) => file === name || onDisk.fileExists(file);
  host.getSourceFile = (file, languageVersion, ...rest) =>
    file === name
      ? ts.createSourceFile(file, source, languageVersion)
      : onDisk.getSourceFile(file, languageVersion, ...rest);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([name], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
