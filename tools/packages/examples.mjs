import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './run.mjs';
import { importableNames, workspaceRoot } from './workspace.mjs';

const compiler = path.join(workspaceRoot, 'node_modules/typescript/bin/tsc');
const strict = { strict: true, exactOptionalPropertyTypes: true, verbatimModuleSyntax: true, skipLibCheck: false };
const fileName = (name) => name.replace('@', '').replaceAll('/', '-');

/** How the consumers are type-checked: both ways of resolving modules, and with the fewest types that there may be. */
const settings = {
  nodenext: { module: 'nodenext', lib: ['es2023'], types: ['node'] },
  bundler: { module: 'esnext', moduleResolution: 'bundler', lib: ['es2023'], types: ['node'] },
  'without @types/node': { module: 'nodenext', lib: ['es2023', 'dom'], types: [], only: /^import-/ },
  'without DOM and @types/node': {
    module: 'nodenext',
    lib: ['es2023'],
    types: [],
    only: /^import-retinabench-(core|models|report|results)\./,
  },
};

/** The TypeScript example of a README; undefined if it has none. */
export function exampleOf({ root }) {
  return readFileSync(path.join(root, 'README.md'), 'utf8').match(/```ts\n(.*?)```/s)?.[1];
}

/**
 * Write the consumers into a project: one that imports all of each public name, and each README's example.
 *
 * @returns the names of the examples' compiled files.
 */
export function writeConsumers(project, packages) {
  const sources = new Map();
  for (const { manifest } of packages) {
    for (const name of importableNames(manifest)) {
      sources.set(
        `import-${fileName(name)}.ts`,
        `import * as all from '${name}';\nimport type * as types from '${name}';\n\nexport type Types = typeof types;\nexport const names: readonly string[] = Object.keys(all);\n`,
      );
    }
  }
  const examples = packages.filter((item) => exampleOf(item) !== undefined);
  for (const item of examples) sources.set(`example-${fileName(item.manifest.name)}.ts`, exampleOf(item));
  mkdirSync(path.join(project, 'src'));
  for (const [name, text] of sources) writeFileSync(path.join(project, 'src', name), text);
  Object.values(settings).forEach(({ only, ...options }, index) => {
    const files = [...sources.keys()].filter((name) => only === undefined || only.test(name));
    const config = {
      compilerOptions: { ...strict, target: 'es2022', rootDir: 'src', outDir: 'out', ...options, noEmit: index > 0 },
      files: files.map((name) => `src/${name}`),
    };
    writeFileSync(path.join(project, `tsconfig.${index}.json`), JSON.stringify(config));
  });
  return examples.map(({ manifest }) => `example-${fileName(manifest.name)}.js`);
}

/** Type-check the consumers in each of the settings, and compile them in the first. Gives what was complained of, by setting. */
export async function checkTypes(project) {
  const results = [];
  for (const [index, setting] of Object.keys(settings).entries()) {
    const { status, stdout } = await run(process.execPath, [compiler, '-p', `tsconfig.${index}.json`], {
      cwd: project,
    });
    results.push({ setting, fault: status === 0 ? undefined : stdout });
  }
  return results;
}
