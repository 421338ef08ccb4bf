// Puts the guides into the program's package while it is packed, so that `retinabench help gates` works where the workspace is not.
//
//   node tools/packages/guides.mjs copy|remove
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { workspaceRoot } from './workspace.mjs';

const target = path.join(workspaceRoot, 'packages/cli/docs');
rmSync(target, { recursive: true, force: true });
if (process.argv[2] === 'copy') {
  cpSync(path.join(workspaceRoot, 'docs'), target, {
    recursive: true,
    filter: (file) => path.extname(file) === '' || file.endsWith('.md'),
  });
  rmSync(path.join(target, 'images'), { recursive: true, force: true });
}
