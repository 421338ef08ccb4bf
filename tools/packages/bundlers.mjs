import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { build as esbuild } from 'esbuild';
import { chromium } from 'playwright-core';
import { build as viteBuild, createServer as viteServer } from 'vite';
import webpack from 'webpack';

/** The tutorial's page: a worker of its own detects on a photograph, and the page by itself, too. */
const main = `
import { openDetector } from '@retinabench/backends/browser';

const options = { model: 'retinabench/retinaface-rb025.onnx', assets: 'retinabench', protocol: { scoreFloor: 0.5 } };
const image = new Image();
image.src = 'photograph.jpg';
await image.decode();
const counts = {};
const count = async (name, added) => {
  try {
    const detector = await openDetector({ ...options, ...added });
    counts[name] = (await detector.detect(image)).count;
    await detector.dispose();
  } catch (error) {
    counts[name] = error.name + ': ' + error.message;
  }
};
const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
await count('ort-wasm', {});
await count('tfjs-wasm', { backend: 'tfjs-wasm' });
await count('ort-wasm in a worker', { worker });
await count('tfjs-wasm in a worker', { worker, backend: 'tfjs-wasm' });
globalThis.counts = counts;
`;
const worker = "import { serveDetector } from '@retinabench/backends/browser';\n\nserveDetector();\n";
const page = (script) =>
  `<!doctype html><html lang="en"><title>Faces</title><link rel="icon" href="data:,"><script type="module" src="${script}"></script></html>`;

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

/**
 * Make a page of the installed packages with each bundler, and open it in Chromium.
 *
 * @param project where the packages are installed, with `public/retinabench` as retinabench-assets fills it and
 * `public/photograph.jpg`.
 * @param check is told of each bundler and what is wrong, in words.
 * @param executable of Chromium.
 */
export async function tryBundlers(project, executable, check) {
  const root = path.join(project, 'web');
  await mkdir(path.join(root, 'src'), { recursive: true });
  await cp(path.join(project, 'public'), path.join(root, 'public'), { recursive: true });
  await writeFile(path.join(root, 'src/main.js'), main);
  await writeFile(path.join(root, 'src/worker.js'), worker);
  await writeFile(path.join(root, 'index.html'), page('/src/main.js'));
  const browser = await chromium.launch({
    executablePath: executable,
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    for (const [name, make] of Object.entries(bundlers)) {
      const faults = await make(root).then(
        async ({ url, close }) => {
          try {
            return await pageFaults(browser, url);
          } finally {
            await close();
          }
        },
        (error) => [`it does not build: ${error.message}`],
      );
      check(`${name}: ort-wasm and tfjs-wasm find the faces of a photograph, in the page and in a worker`, faults);
    }
  } finally {
    await browser.close();
  }
}

const bundlers = {
  async 'vite, as it serves while one writes'(root) {
    const server = await viteServer({
      root,
      logLevel: 'silent',
      configFile: false,
      server: { port: 0, host: '127.0.0.1' },
    });
    await server.listen();
    return { url: server.resolvedUrls.local[0], close: () => server.close() };
  },
  async 'vite build'(root) {
    await viteBuild({
      root,
      logLevel: 'silent',
      configFile: false,
      worker: { format: 'es' },
      build: { target: 'es2022' },
    });
    return serve(path.join(root, 'dist'));
  },
  async webpack(root) {
    const output = path.join(root, 'webpack');
    await new Promise((resolve, reject) => {
      webpack(
        { mode: 'production', context: root, entry: './src/main.js', output: { path: output, filename: 'main.js' } },
        (error, stats) => {
          const [first] = stats?.toJson({ all: false, errors: true }).errors ?? [];
          if (error ?? first) reject(error ?? new Error(first.message));
          else resolve();
        },
      );
    });
    return serveBundle(root, output);
  },
  async esbuild(root) {
    const outdir = path.join(root, 'esbuild');
    await esbuild({
      entryPoints: [path.join(root, 'src/main.js'), path.join(root, 'src/worker.js')],
      bundle: true,
      splitting: true,
      format: 'esm',
      outdir,
      logLevel: 'silent',
    });
    return serveBundle(root, outdir);
  },
  async 'no bundler'(root) {
    const folder = path.join(root, 'plain');
    await cp(path.join(root, 'public'), folder, { recursive: true });
    const map = { imports: { '@retinabench/backends/browser': './retinabench/retinabench.js' } };
    const html = page('main.js').replace('<script', `<script type="importmap">${JSON.stringify(map)}</script><script`);
    await writeFile(path.join(folder, 'index.html'), html);
    await writeFile(path.join(folder, 'main.js'), main.replace("'./worker.js'", "'./retinabench/worker.js'"));
    return serve(folder);
  },
};

async function serveBundle(root, folder) {
  await cp(path.join(root, 'public'), folder, { recursive: true });
  await writeFile(path.join(folder, 'index.html'), page('main.js'));
  return serve(folder);
}

/** Serve a folder on the loopback address. */
async function serve(folder) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://page');
    const name = pathname === '/' ? 'index.html' : path.posix.normalize(pathname).slice(1);
    const body = await readFile(path.join(folder, name)).catch(() => undefined);
    response.writeHead(body ? 200 : 404, { 'content-type': types[path.extname(name)] ?? 'application/octet-stream' });
    response.end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

async function pageFaults(browser, url) {
  const tab = await browser.newPage();
  const said = [];
  tab.on('pageerror', (error) => said.push(error.message));
  tab.on('requestfailed', (request) => said.push(`${request.url()}: ${request.failure()?.errorText}`));
  try {
    await tab.goto(url);
    await tab.waitForFunction(() => 'counts' in globalThis, undefined, { timeout: 120_000 });
    const counts = await tab.evaluate(() => globalThis.counts);
    const faults = Object.entries(counts).filter(([, count]) => !(count > 0) || count !== counts['ort-wasm']);
    return faults.map(([how, count]) => `${how}: expected faces, as many as ort-wasm finds in the page, got ${count}`);
  } catch (error) {
    return [`${error.message.split('\n')[0]}; ${said.slice(0, 3).join('; ')}`];
  } finally {
    await tab.close();
  }
}
