import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Where the commands of the documentation are run: a folder that has what its reader would have by then. */
export interface ReaderWorkspace {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Lay out, below `root`, a working folder with the shared data folder beside it where that exists, the files that the
 * guides speak of, and a home of its own.
 *
 * @param shared the shared data folder, if it is there.
 */
export function makeReaderWorkspace(workspace: string, root: string, shared: string | undefined): ReaderWorkspace {
  const folder = path.join(root, 'retinabench');
  const home = path.join(root, 'home');
  for (const made of ['photos', 'runs', 'IJBC', 'models', 'results/wider', 'baselines']) {
    mkdirSync(path.join(folder, made), { recursive: true });
  }
  mkdirSync(path.join(home, '.cache/retinabench/datasets'), { recursive: true });
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    HOME: home,
    RETINABENCH_SHARED: shared ?? path.join(root, 'shared'),
  };
  for (const name of ['RETINABENCH_CACHE', 'RETINABENCH_DATA', 'RETINABENCH_MIRROR', 'FORCE_COLOR']) delete env[name];
  const made: ReaderWorkspace = { folder, env };

  const faceApi = path.dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api/package.json'));
  copyFileSync(path.join(faceApi, 'demo/sample1.jpg'), path.join(folder, 'face.jpg'));
  for (const name of ['a.jpg', 'b.jpg']) copyFileSync(path.join(folder, 'face.jpg'), path.join(folder, 'photos', name));
  writeFileSync(path.join(folder, 'gates.json'), jsonBlock(path.join(workspace, 'docs/gates.md')));
  const boxes = ['image,x,y,width,height', 'a.jpg,40,40,80,80', 'b.jpg,40,40,80,80'];
  writeFileSync(path.join(folder, 'boxes.csv'), `${boxes.join('\n')}\n`);
  writeFileSync(path.join(folder, 'faces.json'), jsonBlock(path.join(workspace, 'docs/add-a-data-set.md')));

  run(made, workspace, 'wider', 'hard', '--limit', '2', '--out', 'results/wider/mini.json', '--quiet');
  run(made, workspace, 'bench', '--size', '320x240', '--rounds', '1', '--round-ms', '1', '--quiet');
  run(made, workspace, 'wider', 'hard', '--model', 'face-api-tiny', '--limit', '1', '--quiet', '--out', 'tiny.json');
  const cache = path.join(home, '.cache/retinabench');
  const tiny = readdirSync(cache, { recursive: true, encoding: 'utf8' }).find((name) => name.endsWith('api-tiny.onnx'));
  copyFileSync(path.join(cache, tiny ?? ''), path.join(folder, 'detector.onnx'));
  const datasets = path.join(home, '.cache/retinabench/datasets');
  const [mini] = readdirSync(datasets).filter((name) => name.startsWith('mini-'));
  symlinkSync(path.join(datasets, mini), path.join(datasets, 'faces'));

  if (shared !== undefined) {
    env.RETINABENCH_MIRROR = shared;
    symlinkSync(shared, path.join(root, 'shared'));
    const wider = path.join(shared, 'datasets/wider');
    symlinkSync(path.join(wider, 'predictions/retinaface-mnet025-original'), path.join(folder, 'runs/mnet025'));
    symlinkSync(path.join(wider, 'predictions/retinaface-mnet025-quarter-float'), path.join(folder, 'runs/run'));
    const golden = path.join(shared, 'golden/ijbc-small');
    symlinkSync(path.join(golden, 'meta'), path.join(folder, 'IJBC/meta'));
    symlinkSync(path.join(golden, 'features.npy'), path.join(folder, 'r100.npy'));
    writeFileSync(path.join(folder, 'people.csv'), groupsOf(path.join(golden, 'meta/ijbc_face_tid_mid.txt')));
    symlinkSync(path.join(golden, 'features-flip.npy'), path.join(folder, 'r100-flip.npy'));
    symlinkSync(path.join(golden, 'scores-N1D0F0.npy'), path.join(folder, 'scores.npy'));
    const slim = ['--checkpoint', '../shared/models/retinaface-1mb-slim.pth', '--architecture', 'retinaface-1mb-slim'];
    run(made, workspace, 'models', 'import', ...slim, '--out', 'name.onnx', '--quiet');
    const scored = ['wider', 'score', '--pred', 'runs/run', '--gt', '../shared/datasets/wider/ground_truth', '--quiet'];
    run(made, workspace, ...scored, '--images', 'present', '--out', 'results/wider/run.json');
    copyFileSync(path.join(folder, 'results/wider/run.json'), path.join(folder, 'results/wider/hard.json'));
    copyFileSync(path.join(folder, 'results/wider/run.json'), path.join(folder, 'baselines/wider.json'));
  }
  return made;
}

function run({ folder, env }: ReaderWorkspace, workspace: string, ...args: string[]): void {
  const program = path.join(workspace, 'packages/cli/bin/retinabench.js');
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`retinabench ${args.join(' ')} exited with ${status}: ${stderr}`);
}

/** The first JSON block of a guide. */
function jsonBlock(file: string): string {
  const block = readFileSync(file, 'utf8').match(/```json\n([\s\S]*?)```/)?.[1];
  if (block === undefined) throw new Error(`${file}: expected a JSON block`);
  return block;
}

/** A table of two groups, by template. */
function groupsOf(images: string): string {
  const lines = readFileSync(images, 'utf8').trim().split('\n');
  const ids = new Set(lines.map((line) => line.split(/\s+/)[1]));
  return `TEMPLATE_ID,gender\n${[...ids].map((id) => `${id},${Number(id) % 2 === 0 ? 'f' : 'm'}\n`).join('')}`;
}
