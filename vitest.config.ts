import { defineConfig } from 'vitest/config';

const folders = [
  'packages/core',
  'packages/files',
  'packages/results',
  'packages/annotations',
  'packages/models',
  'datasets',
  'packages/backends',
  'packages/queue',
  'packages/eval-wider',
  'packages/eval-ijbc',
  'packages/eval-detection',
  'packages/eval-landmarks',
  'packages/report',
  'packages/cli',
  'examples/train-heads',
  'examples/train-retinaface',
  'examples/train-dense',
  'examples/browser',
];

export default defineConfig({
  test: {
    // Two cores are what continuous integration has; left alone, one of them would wait. No test asserts a time.
    maxWorkers: '100%',
    projects: [...folders.map((folder) => [folder, `${folder}/test`]), ['tools', 'tools']].map(([folder, tests]) => ({
      test: {
        name: folder.split('/').at(-1) ?? folder,
        include: [`${tests}/**/*.test.ts`],
        // A test takes seconds, some take a minute; a machine that is slow, and busy with the other test files, takes many times that.
        testTimeout: 600_000,
        hookTimeout: 600_000,
      },
    })),
  },
});
