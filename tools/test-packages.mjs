// Packs every published package, looks at what each tarball holds, installs all of them into an empty project, and uses
// them there as a user would: the program, the types, every public import, every README's example.
//
//   npm run build && node tools/test-packages.mjs
//
// One line a check. Exits 0 if all hold, or if the npm registry cannot be reached and nothing else failed (it names what
// was skipped); 1 otherwise. Leaves nothing behind.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { tryBundlers } from './packages/bundlers.mjs';
import { contentFaults } from './packages/contents.mjs';
import { checkTypes, writeConsumers } from './packages/examples.mjs';
import { pageFaults } from './packages/page.mjs';
import { registryFault } from './packages/registry.mjs';
import { run, stopAll } from './packages/run.mjs';
import { sideEffectFaults } from './packages/side-effects.mjs';
import { firstUnbuilt, importableNames, publishedPackages, workspaceRoot } from './packages/workspace.mjs';

const packages = publishedPackages();
const unbuilt = firstUnbuilt(packages);
if (unbuilt !== undefined) {
  console.error(`${unbuilt}: expected it built; npm run build`);
  process.exit(1);
}

const work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-packages-'));
process.on('exit', () => {
  stopAll();
  rmSync(work, { recursive: true, force: true });
});
for (const [signal, status] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
])
  process.on(signal, () => process.exit(status));
const project = path.join(work, 'project');
const tarballs = path.join(work, 'tarballs');
for (const folder of [project, tarballs]) mkdirSync(folder);

let failed = 0;
let unreachable;

/** Print one check; `faults` are what is wrong, in words. */
function check(what, faults) {
  console.log(`${faults.length === 0 ? 'ok   ' : 'FAIL '} ${what}`);
  for (const fault of faults) console.log(`      ${fault}`);
  if (faults.length > 0) failed++;
}

/** Run the installed program. */
function retinabench(...args) {
  return run('npx', ['--no-install', 'retinabench', ...args], {
    cwd: project,
    env: { RETINABENCH_CACHE: path.join(work, 'cache') },
  });
}

/** Check that a program ends with exit code 0; gives its result. */
async function succeeds(what, running, furtherFaults = () => []) {
  const result = await running;
  const { status, stdout, stderr } = result;
  const faults =
    status === 0 ? await furtherFaults(result) : [`exit code ${status}: ${stderr.trim() || stdout.trim()}`];
  check(what, faults);
  return result;
}

async function pack() {
  const kibibytes = (bytes) => `${Math.round(bytes / 1024)} KiB`;
  const folders = packages.flatMap(({ folder }) => ['--workspace', folder]);
  const { status, stdout, stderr } = await run('npm', ['pack', '--json', '--pack-destination', tarballs, ...folders], {
    cwd: workspaceRoot,
  });
  if (status !== 0) throw new Error(`npm pack: ${stderr}`);
  const packed = Object.values(JSON.parse(stdout));
  for (const item of packages) {
    const { name } = item.manifest;
    const { files, size, unpackedSize } = packed.find((result) => result.name === name);
    const paths = files.map((file) => file.path);
    const what = `${name}: ${paths.length} files, ${kibibytes(size)} packed, ${kibibytes(unpackedSize)} unpacked`;
    check(what, [...contentFaults(item, paths), ...(await sideEffectFaults(item, paths))]);
  }
}

/** Install every tarball into the empty project; rejects if npm does. */
async function install() {
  const { devDependencies } = JSON.parse(readFileSync(path.join(workspaceRoot, 'package.json'), 'utf8'));
  const nodeTypes = { '@types/node': devDependencies['@types/node'] };
  const manifest = { name: 'consumer', version: '1.0.0', private: true, type: 'module', devDependencies: nodeTypes };
  writeFileSync(path.join(project, 'package.json'), JSON.stringify(manifest));
  const files = readdirSync(tarballs).map((file) => path.join(tarballs, file));
  const { status, stderr } = await run(
    'npm',
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', ...files],
    {
      cwd: project,
    },
  );
  if (status !== 0) throw new Error(`npm install: ${stderr.trim()}`);
  check('all install into an empty project', []);
}

/** Score the embedded data set with the workspace's own program, to hold the installed one's result against. */
async function scoreInWorkspace() {
  const out = path.join(work, 'workspace/record.json');
  const program = path.join(workspaceRoot, 'packages/cli/dist/main.js');
  const args = [program, 'wider', 'hard', '--quiet', '--out', out];
  const { status, stderr } = await run(process.execPath, args, {
    cwd: work,
    env: { RETINABENCH_CACHE: path.join(work, 'workspace/cache') },
  });
  if (status !== 0) throw new Error(`the workspace's own retinabench wider hard: ${stderr}`);
  return JSON.parse(readFileSync(out, 'utf8'));
}

async function useProgram(expected) {
  const { version } = packages.at(-1).manifest;
  const prints = (text) => (result) => (result.stdout.includes(text) ? [] : [`expected ${text}, got ${result.stdout}`]);
  await succeeds('retinabench --version', retinabench('--version'), prints(version));
  await succeeds('retinabench --help', retinabench('--help'), prints('wider'));
  await succeeds('retinabench doctor', retinabench('doctor'), prints('ort-node'));
  const percent = expected.ap.hard.toFixed(4);
  await succeeds(
    `retinabench wider hard: AP ${percent}, as in the workspace`,
    retinabench('wider', 'hard'),
    (result) => {
      const [name] = readdirSync(path.join(project, 'results/wider')).filter((file) => file.endsWith('.json'));
      copyFileSync(path.join(project, 'results/wider', name), path.join(project, 'record.json'));
      const { ap, protocol } = JSON.parse(readFileSync(path.join(project, 'record.json'), 'utf8'));
      const differs = JSON.stringify([ap, protocol]) !== JSON.stringify([expected.ap, expected.protocol]);
      const got = `got ${JSON.stringify(ap)} by ${protocol.id}, expected ${JSON.stringify(expected.ap)} by ${expected.protocol.id}`;
      return [...(differs ? [got] : []), ...prints(percent)(result)];
    },
  );
  await succeeds('retinabench report: a whole page', retinabench('report', 'record.json', '--out', 'page.html'), () =>
    pageFaults(readFileSync(path.join(project, 'page.html'), 'utf8'), expected.ap),
  );
}

async function useLibraries() {
  const examples = writeConsumers(project, packages);
  for (const { setting, fault } of await checkTypes(project)) {
    check(`types, strict, libraries checked: ${setting}`, fault === undefined ? [] : [fault]);
  }
  const names = packages.flatMap(({ manifest }) => importableNames(manifest));
  const program = `for (const name of ${JSON.stringify(names)}) {
    if (Object.keys(await import(name)).length === 0) throw new Error(name + ' exports nothing');
  }
  const inner = await import('@retinabench/core/dist/index.js').catch(({ code }) => code);
  if (inner !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw new Error('what is not exported can be imported');`;
  const evaluate = run(process.execPath, ['--input-type=module', '--eval', program], { cwd: project });
  await succeeds(`Node imports ${names.join(', ')}`, evaluate);

  // What the examples read: a photograph, predictions for a part of the embedded data set, its ground truth, two records.
  const datasets = path.join(work, 'cache/datasets');
  const root = path.join(
    datasets,
    readdirSync(datasets).find((name) => name.startsWith('mini-')),
  );
  const photograph = path.join(root, 'WIDER_val/images/0--Portrait/0_Portrait_mini_01.jpg');
  copyFileSync(photograph, path.join(project, 'photograph.jpg'));
  copyFileSync(path.join(project, 'record.json'), path.join(project, 'baseline.json'));
  mkdirSync(path.join(project, 'ground_truth'));
  for (const file of readdirSync(path.join(root, 'ground_truth'))) {
    copyFileSync(path.join(root, 'ground_truth', file), path.join(project, 'ground_truth', file));
  }
  await succeeds('retinabench wider predict', retinabench('wider', 'predict', '--pred', 'predictions', '--limit', '4'));
  for (const example of examples) {
    const running = run(process.execPath, [path.join('out', example)], {
      cwd: project,
      env: { RETINABENCH_CACHE: path.join(work, 'cache') },
    });
    await succeeds(`README's ${example}`, running, (result) => (result.stdout === '' ? ['it prints nothing'] : []));
  }
}

/** Make a page with vite, webpack, esbuild and without a bundler, and open each in Chromium. */
async function usePages() {
  const chromium = process.env.RETINABENCH_CHROMIUM ?? '/usr/bin/chromium';
  const args = ['public/retinabench', '--runtime', 'ort-wasm,tfjs-wasm', '--library'];
  await succeeds(
    'retinabench-assets copies what a page loads',
    run('npx', ['--no-install', 'retinabench-assets', ...args], { cwd: project }),
  );
  copyFileSync(path.join(project, 'photograph.jpg'), path.join(project, 'public/photograph.jpg'));
  if (existsSync(chromium)) await tryBundlers(project, chromium, check);
  else console.log(`skip  pages of vite, webpack, esbuild and plain modules: no ${chromium}`);
}

const start = performance.now();
try {
  await pack();
  unreachable = await registryFault('commander', work);
  if (unreachable === undefined) {
    const [expected] = await Promise.all([scoreInWorkspace(), install()]);
    await useProgram(expected);
    await useLibraries();
    await usePages();
  } else {
    console.log(
      `skip  the npm registry cannot be reached (${unreachable}), so that nothing can be installed. Not tested:`,
    );
    console.log('      installation, retinabench by npx, types, imports, examples, pages of bundlers');
  }
} catch (error) {
  check('the test itself', [error.message]);
}
const seconds = ((performance.now() - start) / 1000).toFixed(0);
const held = unreachable === undefined ? 'all checks hold' : 'what could be tested holds';
console.log(`packages: ${failed === 0 ? held : `${failed} checks failed`} (${seconds} s)`);
process.exit(failed === 0 ? 0 : 1);
