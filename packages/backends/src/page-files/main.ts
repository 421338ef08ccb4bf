import { parseArgs } from 'node:util';
import { isRetinaBenchError, ProtocolError } from '@retinabench/core';
import { defaultModelId } from '@retinabench/models';
import { copyPageFiles } from './copy-page-files.js';
import { pageRuntimes } from './page-files.js';

const help = `Usage: retinabench-assets DIR [--runtime ID,...] [--model ID|FILE] [--no-model] [--library] [--replace] [--json]

Copy what a page loads beside its bundle into DIR: the WebAssembly of runtimes, a model and its card.

  --runtime ID,...   ${Object.keys(pageRuntimes).join(', ')} (default: ort-wasm)
  --model ID|FILE    of the zoo, or an .onnx with its card beside it (default: ${defaultModelId})
  --no-model         only the runtimes
  --library          retinabench.js and worker.js, too, for a page without a bundler
  --replace          replace files of these names that have other content
  --json             say what lies in DIR as JSON

Examples:
  npx retinabench-assets public/retinabench
  npx retinabench-assets public/retinabench --runtime ort-wasm,tfjs-wasm --model models/my-detector.onnx

Exit codes: 0 done, 2 invalid input, 3 environment.
`;

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`retinabench-assets: ${(error as Error).message}\n`);
  process.exitCode = isRetinaBenchError(error) ? error.exitCode : 3;
}

async function run(args: string[]): Promise<number> {
  const { positionals, values } = parse(args);
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) {
    throw new ProtocolError(`expected one folder, got ${positionals.length}; see retinabench-assets --help`);
  }
  const files = await copyPageFiles(folder, {
    runtimes: (values.runtime ?? 'ort-wasm').split(',').map((id) => id.trim()),
    ...(!values['no-model'] && { model: values.model ?? defaultModelId }),
    library: values.library ?? false,
    replace: values.replace ?? false,
  });
  if (values.json) process.stdout.write(`${JSON.stringify({ folder, files }, null, 2)}\n`);
  else {
    for (const { name, bytes, unchanged } of files) {
      const size = `${(bytes / 1e6).toFixed(2)} MB`.padStart(10);
      process.stdout.write(`${size}  ${name}${unchanged ? '  (unchanged)' : ''}\n`);
    }
  }
  return 0;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        runtime: { type: 'string' },
        model: { type: 'string' },
        'no-model': { type: 'boolean' },
        library: { type: 'boolean' },
        replace: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (cause) {
    throw new ProtocolError(`${(cause as Error).message}; see retinabench-assets --help`, { cause });
  }
}
