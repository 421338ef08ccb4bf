// A data set of noise to pull, and a server of it.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { create } from 'tar';

/** Images of the data set. */
const images = 20;

/**
 * Make the data set `faces` below `work`: an archive, a server of it and a manifest.
 *
 * @param megabytes of the archive.
 * @param random    seeded.
 * @param moody     one answer in eight each is a 503, a stall, a broken connection or one without ranges.
 * @param pauseMs   between chunks of 256 KiB.
 * @returns the manifest's file, what to call at the end, and what is wrong with a pulled root.
 */
export async function serveFaces(work, { megabytes, random, moody = false, pauseMs = 5 }) {
  const source = path.join(work, 'source', 'faces');
  mkdirSync(source, { recursive: true });
  for (let image = 0; image < images; image++) {
    const bytes = Uint8Array.from({ length: Math.ceil((megabytes * 1e6) / images) }, () => random() * 256);
    writeFileSync(path.join(source, `${image}.jpg`), bytes);
  }
  const archiveFile = path.join(work, 'faces.tgz');
  create({ file: archiveFile, cwd: path.join(work, 'source'), gzip: true, sync: true }, ['faces']);
  const archive = readFileSync(archiveFile);
  const server = createServer((request, response) =>
    answer(archive, moody ? Math.floor(random() * 8) : 7, pauseMs, request, response),
  );
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const manifest = path.join(work, 'faces.json');
  writeFileSync(manifest, JSON.stringify(describe(archive, server.address().port)));
  return {
    manifest,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
    wrongIn: (root) => wrongIn(root, source),
  };
}

function answer(archive, mood, pauseMs, request, response) {
  if (mood === 0) return response.writeHead(503).end();
  const asked = mood === 1 ? undefined : /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  const from = Number(asked ?? 0);
  const length = archive.length - from;
  const headers = { 'content-length': length, etag: '"one"' };
  if (asked === undefined) response.writeHead(200, headers);
  else
    response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${archive.length - 1}/${archive.length}` });
  const end = mood === 2 || mood === 3 ? from + Math.floor(length / (mood + 1)) : archive.length;
  const send = (at) => {
    if (response.destroyed) return undefined;
    const to = Math.min(at + 262_144, end);
    return response.write(archive.subarray(at, to), () => {
      if (to < end) setTimeout(send, pauseMs, to);
      else if (mood === 2) response.destroy();
      else if (mood !== 3) response.end();
    });
  };
  return send(from);
}

function describe(archive, port) {
  return {
    version: 1,
    name: 'faces',
    title: 'noise',
    homepage: 'http://localhost/',
    licence: { name: 'none', url: 'http://localhost/', summary: 'Noise.' },
    files: [
      {
        name: 'faces.tgz',
        urls: [`http://127.0.0.1:${port}/faces.tgz`],
        sizeBytes: archive.length,
        sha256: createHash('sha256').update(archive).digest('hex'),
        unpack: {
          format: 'tar.gz',
          rules: [{ from: 'faces/', to: 'images/' }],
          largestBytes: archive.length * 2,
          largestEntries: 100,
        },
      },
    ],
    unpackedBytes: archive.length,
    expected: { imageFolder: 'images', images, files: [] },
  };
}

/** What is wrong with the data set as it is visible now; nothing visible is right. */
function wrongIn(root, source) {
  const folder = path.join(root, 'images');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder);
  const wrong = names.filter(
    (name) => !readFileSync(path.join(folder, name)).equals(readFileSync(path.join(source, name))),
  );
  if (names.length !== images) wrong.push(`${names.length} of ${images} images`);
  return wrong;
}
