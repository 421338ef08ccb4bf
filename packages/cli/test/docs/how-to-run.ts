/** What the test does about a documented command that it cannot run as it stands. */
export interface HowToRun {
  readonly pattern: RegExp;
  /** Why not as it stands; part of the test's name. */
  readonly because: string;
  /** Text that is replaced before the command is run: the same command on less. */
  readonly replace?: readonly (readonly [string | RegExp, string])[];
  /** Exit code expected; 0 unless said. */
  readonly exit?: number;
  /** What the output has to say. */
  readonly prints?: RegExp;
  /** It is not run here but by this file, which has to hold this text. */
  readonly ranBy?: { readonly file: string; readonly text: string };
  /** Only run with RETINABENCH_DOCS=all. */
  readonly long?: true;
  /** Not run at all. */
  readonly never?: true;
  /** Run in the workspace, which has a history, instead of the reader's folder. */
  readonly inWorkspace?: true;
  /** Serves a page until it is stopped; run on a free port instead. */
  readonly serves?: true;
}

/** The exceptions, first match counts; any other command is run as it stands and has to exit with 0. */
export const howToRun: readonly HowToRun[] = [
  ...[
    'npm test',
    'npm run build',
    'npm run lint',
    'npm run typecheck',
    'npm ci',
    'node tools/test-packages.mjs',
    'npx nx run eval-wider:hard',
    'npx nx run docs:build',
  ].map((command) => ({
    pattern: new RegExp(`^(?:npm ci && )?${command}$`),
    because: 'run by .ci/run',
    ranBy: { file: '.ci/run', text: `step ${command}` },
  })),
  {
    pattern: /^npm ci && npm run build && mkdir -p packed && npm pack/,
    because: 'packed and installed by tools/test-packages.mjs',
    ranBy: { file: 'tools/test-packages.mjs', text: "'install', '--ignore-scripts'" },
  },
  {
    pattern: /^npx (?:nx run core:test|vitest run fuzz$|vitest run --project (?:datasets|eval-ijbc|eval-wider score)$)/,
    because: 'a part of npm test',
    ranBy: { file: '.ci/run', text: 'step npm test' },
  },
  {
    pattern: /^tools\/build-tfjs-node\.sh/,
    because: 'run by tools/test-tfjs-node.sh, which .ci/run runs',
    ranBy: { file: 'tools/test-tfjs-node.sh', text: 'build-tfjs-node.sh' },
  },
  {
    pattern: /^npx nx run cli:build$/,
    because: 'built before the tests',
    ranBy: { file: '.ci/run', text: 'step npm run build' },
  },
  {
    pattern: /^node tools\/resume-cost\.mjs/,
    because: 'a bench that needs a second build of the program',
    never: true,
  },
  { pattern: /^npm audit/, because: "asks the registry's advisory service: not run", never: true },
  {
    pattern: /(datasets pull|datasets:pull)/,
    because: 'up to the question about its licence',
    exit: 2,
    prints: /licen[cs]e/i,
    replace: [[' --accept-licence', '']],
  },
  {
    pattern: /^npm install (?:--no-save )?(?:puppeteer-core|@litertjs\/core)@/,
    because: "an optional peer, which the workspace's own dependencies hold",
    never: true,
  },
  {
    pattern: /--backend \S*(?:chromium|firefox)\//,
    because: 'on a smaller scale, where there is a browser, by its test',
    ranBy: { file: 'packages/cli/test/browsers/browser-backends.test.ts', text: "'--backend', 'chromium/ort-wasm'" },
  },
  {
    pattern: /--device webgpu/,
    because: 'where there is a driver, by its test',
    ranBy: {
      file: 'packages/backends/test/runtimes/ort-node/ort-device.test.ts',
      text: "loadBackend('ort-node:webgpu')",
    },
  },
  {
    pattern: /retinabench view |report:view$/,
    because: 'serves until it is interrupted: run by its test',
    ranBy: { file: 'packages/cli/test/view/run-view.test.ts', text: "['view', 'a.json'" },
  },
  {
    pattern: /^npm install @retinabench\/backends /,
    because: 'packed and installed by tools/test-packages.mjs',
    ranBy: { file: 'tools/test-packages.mjs', text: "'install', '--ignore-scripts'" },
  },
  {
    pattern: /^npx retinabench-assets /,
    because: 'in a project of its own, by tools/test-packages.mjs',
    ranBy: { file: 'tools/test-packages.mjs', text: "'--no-install', 'retinabench-assets'" },
  },
  { pattern: /browser-example:serve/, because: 'until it answers', serves: true },
  { pattern: /backends:page/, because: 'until it answers', serves: true },
  {
    pattern:
      /git:origin\/main:models|--latency origin\/main|head\.json --latency|--data faces --model models\/detector|gate --latency-command/,
    because: 'in a repository of its own, by its test',
    ranBy: { file: 'packages/cli/test/gate/any-repository.test.ts', text: "'gate', '--latency', 'HEAD'" },
  },
  {
    pattern: /gate --latency main/,
    because: 'builds a revision',
    long: true,
    replace: [['main', 'HEAD --max-pairs 12']],
    inWorkspace: true,
  },
  {
    pattern: /tools\/faults|cli:faults|queue:(kill-fleet|fleet-states)/,
    because: 'a campaign, with two kills',
    long: true,
    replace: [[/--kills \d+/, '--kills 2']],
  },
  { pattern: /verification-campaign\.js/, because: 'a campaign, one run', long: true, replace: [[/ 100$/, ' 1']] },
  { pattern: /gate-campaign\.js/, because: 'a campaign, one run', long: true, replace: [[/ 100$/, ' 1']] },
  {
    pattern: /peers\/run\.mjs/,
    because: 'one repetition',
    long: true,
    replace: [[/--rounds \d+ --per-round \d+/, '--rounds 1 --per-round 1']],
  },
  { pattern: /FUZZ_RUNS/, because: 'ten inputs', long: true, replace: [[/FUZZ_RUNS=\d+/, 'FUZZ_RUNS=10']] },
  {
    pattern: /train-retinaface:train$/,
    because: 'four steps of a narrow network on small crops',
    long: true,
    replace: [[/$/, ' --width 0.25 --side 64 --batch 2 --steps 4']],
  },
  {
    pattern: /results\/train-retinaface/,
    because: 'takes what hours of training wrote: examples/train-retinaface tests the export',
    ranBy: { file: 'examples/train-retinaface/test/train.test.ts', text: 'exportModel' },
  },
  {
    pattern: /train-dense:/,
    because: 'runs a network over thousands of photographs: examples/train-dense tests the training on renders',
    ranBy: { file: 'examples/train-dense/test/train-dense.test.ts', text: 'new Trainer' },
  },
  {
    pattern: /results\/ablation\/|ablation-box/,
    because: 'takes what an hour of training in PyTorch wrote: not run',
    never: true,
  },
  { pattern: /results\/train\//, because: 'takes what hours of training in PyTorch wrote: not run', never: true },
  { pattern: /:bench|:train|:build-kernels|esbuild |ijbc-full-scale\.js/, because: 'a bench or a build', long: true },
  {
    pattern: /retinabench bench --scenario/,
    because: 'a bound that no rate holds ends each trial at once; few frames',
    replace: [
      [/--latency-bound \S+/, '--latency-bound 0.001'],
      [/--frames \S+/, '--frames 5'],
      [/$/, ' --size 96x64 --round-ms 1'],
    ],
  },
  { pattern: /retinabench bench --throughput/, because: 'on six images', replace: [[/$/, ' --images 6']] },
  {
    pattern: /retinabench bench /,
    because: 'one short round at one size',
    replace: [
      ['my-runtime', 'ort-wasm'],
      [/--size \S+/, '--size 320x240'],
      [/$/, ' --rounds 1 --round-ms 1'],
    ],
  },
  { pattern: /wider all --perturb/, because: 'on two images', replace: [[/$/, ' --limit 2 --model face-api-tiny']] },
  { pattern: /landmarks eval/, because: 'on two images', replace: [[/$/, ' --limit 2']] },
  {
    pattern: /models quantize .*int8/,
    because: 'calibrated on two images',
    replace: [[/$/, ' --images 2']],
  },
  {
    pattern: /my-runtime/,
    because: 'with ort-wasm for the backend that the guide adds',
    replace: [
      [/my-runtime/, 'ort-wasm'],
      [/--limit \d+/, '--limit 1'],
    ],
  },
  {
    pattern: /parity/,
    because: 'on one image, without tfjs-node',
    replace: [
      [/ --limit \d+|$/, ' --limit 1'],
      [',tfjs-node', ''],
    ],
  },
  {
    pattern: /wider predict .*wider-test/,
    because: 'on two images of the embedded set',
    replace: [['--data wider-test', '--data mini --limit 2']],
  },
  {
    pattern: /wider package/,
    because: 'up to the images that a prediction on two lacks',
    replace: [[/$/, ' --data mini']],
    exit: 2,
    prints: /are missing: /,
  },
  {
    pattern: /retinabench init/,
    because: 'run in folders of its own by its test',
    ranBy: { file: 'packages/cli/test/config/config.test.ts', text: "['init', '--yes', ...flags]" },
  },
  {
    pattern: /wider (hard|all) .*--sample/,
    because: 'on a sample of two images at three sizes',
    replace: [
      [/--sample \d+/, '--sample 2'],
      [/long:[\d,]+,original/, 'long:320,480,640'],
    ],
  },
  {
    pattern: /wider (all|hard|loss) |wider (all|hard|loss)$/,
    because: 'on two images',
    replace: [[/$/, ' --limit 2']],
  },
  { pattern: /eval-wider:hard --model/, because: 'on two images', replace: [[/$/, ' --limit 2']] },
  {
    pattern: /report:gate$/,
    because: 'with the records that it takes',
    replace: [[/$/, ' --baseline results/wider/mini.json --record results/wider/mini.json']],
  },
  { pattern: /report:html$/, because: 'with a record', replace: [[/$/, ' results/wider/mini.json']] },
  {
    pattern: /^RETINABENCH_DOCS=all npx vitest run --project cli other-ap/,
    because: 'minutes of detection',
    inWorkspace: true,
    long: true,
  },
  {
    pattern: /--embedder embedder\.onnx/,
    because: 'with an embedder of the shared data folder, on eight images',
    replace: [
      ['embedder.onnx', 'mobilefacenet-128d'],
      [/$/, ' --limit 8'],
    ],
  },
  { pattern: /ijbc compare/, because: 'on 40 images', replace: [[/$/, ' --limit 40']] },
  { pattern: /(retinabench|core:)\s?fit/, because: 'five rounds of descent', replace: [[/$/, ' --rounds 5']] },
];
