/**
 * Serve the page with a form on the loopback address, cross-origin isolated, so that threads work: node serve.mjs [--port N],
 * 8000 unless given.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const folder = fileURLToPath(new URL('../dist/page/', import.meta.url));
const port = askedPort();
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

const server = createServer(async (request, response) => {
  const name = path.posix.basename(new URL(request.url, 'http://page').pathname) || 'index.html';
  const body = await readFile(path.join(folder, name)).catch(() => undefined);
  response.writeHead(body === undefined ? 404 : 200, {
    'content-type': types[path.extname(name)] ?? 'application/octet-stream',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'cache-control': 'no-store',
  });
  response.end(body);
});
server.on('error', (error) => {
  process.stderr.write(
    error.code === 'EADDRINUSE'
      ? `http://127.0.0.1:${port}: another program serves there; end it first, or give another: --port 8001\n`
      : `http://127.0.0.1:${port}: cannot be served: ${error.message}\n`,
  );
  process.exitCode = 3;
});
server.listen(port, '127.0.0.1', () => {
  process.stdout.write(`One image on every backend of a browser: http://127.0.0.1:${port}/ (Ctrl-C ends it)\n`);
});

function askedPort() {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '8000' } } });
  const number = Number(values.port);
  if (Number.isInteger(number) && number >= 1 && number <= 65_535) return number;
  process.stderr.write(`--port ${values.port}: expected a whole number from 1 to 65535\n`);
  process.exit(2);
}
