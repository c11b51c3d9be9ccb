// `npm run new-merchant acme`: libs/merchant-acme from files/, its aliases, and its line in src/merchants.ts.
import { apply, applyTemplates, chain, mergeWith, SchematicsException, strings, url } from '@angular-devkit/schematics';

/** @param {{ name: string }} options */
export function newMerchant({ name }) {
  const library = `libs/merchant-${name}`;
  const className = strings.classify(name);
  const values = {
    name,
    className,
    variable: name.replaceAll('-', '_').toUpperCase(),
    table: `team_${name.replaceAll('-', '_')}_updates`,
    timestamp: Date.now(),
  };
  return (tree) => {
    if (tree.exists(`${library}/src/index.ts`)) throw new SchematicsException(`There is ${library} already`);
    const near = listedTeams(tree).find((other) => isWithin(name, other) || isWithin(other, name));
    if (near) {
      const what = `what begins with ${name} and with ${near} could not be told apart`;
      throw new SchematicsException(`The team ${near} is listed, and ${what}: take another name`);
    }
    return chain([
      mergeWith(apply(url('./files'), [applyTemplates(values)])),
      edit('tsconfig.json', '"paths": {\n', `      "@gateway/merchant-${name}": ["./${library}/src/index.ts"],\n`),
      edit('nest-cli.json', '"projects": {\n', project(name, library)),
      edit('src/merchants.ts', "import type { Type } from '@nestjs/common';\n", moduleImport(name, className)),
      list(`${className}Module`),
    ]);
  };
}

function listedTeams(tree) {
  return [...tree.readText('src/merchants.ts').matchAll(/from '@gateway\/merchant-([^']+)'/g)].map(([, team]) => team);
}

/** Whether settings and tables of one team would be among those of the other; such a gateway does not start. */
function isWithin(one, other) {
  return `${one}-`.startsWith(`${other}-`);
}

/** Inserts text behind a text that stands in a file. */
function edit(file, behind, inserted) {
  return (tree) => {
    const text = tree.readText(file);
    if (text.includes(inserted)) return;
    const [before, after, ...more] = text.split(behind);
    if (after === undefined || more.length > 0) {
      throw new SchematicsException(`${file} has not the form it should have: "${behind.trim()}" is not there once`);
    }
    tree.overwrite(file, before + behind + inserted + after);
  };
}

function list(moduleName) {
  return (tree) => {
    const text = tree.readText('src/merchants.ts');
    const listed = text.replace(/(merchants: readonly Type\[\] = \[)([^\]]*)\]/, (_match, head, names) => {
      const others = names
        .split(',')
        .map((one) => one.trim())
        .filter(Boolean);
      return `${head}${[...others, moduleName].join(', ')}]`;
    });
    if (listed === text) throw new SchematicsException('src/merchants.ts has no list of modules');
    tree.overwrite('src/merchants.ts', listed);
  };
}

function moduleImport(name, className) {
  return `import { ${className}Module } from '@gateway/merchant-${name}';\n`;
}

function project(name, library) {
  const settings = { type: 'library', root: library, entryFile: 'index', sourceRoot: `${library}/src` };
  return `    "merchant-${name}": ${JSON.stringify(settings)},\n`;
}
