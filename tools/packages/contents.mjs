import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { promisedFiles, workspaceRoot } from './workspace.mjs';

/** What is no part of a package, wherever it comes from. */
const unwanted = [
  [/^(src|test|bench|client|browser|tools)\//, 'is source, not output'],
  [/\.(test|bench)\./, 'is a test or a bench'],
  [/\.tsbuildinfo$/, "is the compiler's memory"],
  [/\.d\.ts\.map$/, 'maps types to sources that are not packed'],
  [/(^|\/)\.(?!\/)/, 'is hidden'],
];

/** A module by its name in `import`, `export ... from`, `import()` or `require`; relative ones are left out. */
const imports =
  /(?:^(?:import|export)\b[^'"`;]*?\bfrom\s*|^import |\bimport\(|\brequire\()(?<quote>['"])(?<name>[^'".][^'"]*)\k<quote>/gm;

/**
 * What is wrong with the files of a package, in words.
 *
 * @param files their paths below the package's root.
 */
export function contentFaults({ folder, root, manifest }, files) {
  const faults = [];
  const packed = new Set(files);
  for (const file of ['package.json', 'README.md', 'LICENSE', ...promisedFiles(manifest)]) {
    if (!packed.has(file)) faults.push(`${file} is not packed`);
  }
  const licence = path.join(root, 'LICENSE');
  if (existsSync(licence) && !readFileSync(licence).equals(readFileSync(path.join(workspaceRoot, 'LICENSE')))) {
    faults.push("LICENSE is not the workspace's");
  }
  const allowed = new Set([
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.optionalDependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
    ...builtinModules.flatMap((name) => [name, `node:${name}`]),
    ...Object.keys(manifest.imports ?? {}),
    manifest.name,
  ]);
  for (const file of files) {
    for (const [pattern, what] of unwanted) if (pattern.test(file)) faults.push(`${file} ${what}`);
    if (!file.startsWith('dist/') || file.startsWith('dist/assets/')) continue;
    const source = file.replace(/^dist/, 'src').replace(/(\.d\.ts|\.js|\.js\.map)$/, '.ts');
    if (!existsSync(path.join(root, source))) {
      faults.push(`${file} has no ${source}: what is left of an older build; rm -rf ${folder}/dist && npm run build`);
    } else if (file.endsWith('.map')) {
      if (!JSON.parse(readFileSync(path.join(root, file), 'utf8')).sourcesContent?.[0]) {
        faults.push(`${file} maps to a source that it does not hold`);
      }
    } else {
      const text = readFileSync(path.join(root, file), 'utf8');
      for (const { groups } of text.matchAll(imports)) {
        const { name } = groups;
        const packageName = name.split('/', name.startsWith('@') ? 2 : 1).join('/');
        if (!allowed.has(packageName))
          faults.push(`${file} imports ${name}, which ${manifest.name} does not depend on`);
      }
    }
  }
  return faults;
}
