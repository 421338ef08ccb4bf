/**
 * Build the workspace in place: compile all packages, then bundle what pages load where that is older than its sources.
 * What is up to date is left alone, byte and inode, since programs that run meanwhile load their modules when they need them.
 *
 *   node tools/build/build.mjs
 */
import { execSync } from 'node:child_process';
import path from 'node:path';
import { isFresh, keepStamp } from './stamp.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** Where commands are looked for: those of the workspace first. */
const searched = [path.join(root, 'node_modules/.bin'), process.env.PATH].join(path.delimiter);

/** Programs of pages: the command that bundles each, and the folders and files that it reads and writes. */
const bundles = [
  {
    name: 'backends',
    command: 'npm run --silent bundle --workspace @retinabench/backends',
    inputs: [
      ...['core', 'files', 'models', 'backends'].map((name) => `packages/${name}/dist`),
      'packages/backends/browser',
      'package-lock.json',
    ],
    outputs: ['packages/backends/dist/page', 'packages/backends/dist/assets'],
  },
  {
    name: 'report',
    command: 'npm run --silent bundle --workspace @retinabench/report',
    inputs: ['packages/report/client', 'packages/report/package.json', 'package-lock.json'],
    outputs: ['packages/report/dist/assets'],
  },
];

run('tsc -b');
for (const { name, command, inputs, outputs } of bundles) {
  const stamp = path.join(root, '.nx/bundles', `${name}.json`);
  const places = [inputs, outputs].map((list) => list.map((place) => path.join(root, place)));
  if (isFresh(stamp, ...places)) continue;
  run(command);
  keepStamp(stamp, ...places);
}

function run(command) {
  try {
    execSync(command, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: searched } });
  } catch (error) {
    // The command has said why.
    process.exit(error.status || 1);
  }
}
