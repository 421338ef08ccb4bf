import { ProtocolError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { serveBlobs } from '../../src/blobs/serve-blobs.js';

// The unspecified addresses of RFC 4291, section 2.5.2, and of RFC 1122, section 3.2.1.3, as users and URLs write them.
test.each(['0.0.0.0', '0', '0x0:80', '[::]', '[0:0::0]:80', '[::ffff:0.0.0.0]', '[::ffff:0:0]'])(
  'refuses %s, which stands for all addresses of this machine',
  async (at) => {
    const served = serveBlobs(at).then((server) => server.close());
    await expect(served).rejects.toThrow(ProtocolError);
    await expect(served).rejects.toThrow(/stands for all addresses of this machine/);
  },
);

test('listens on the one address that is named', async () => {
  const server = await serveBlobs('localhost');
  expect(server.source.url).toMatch(/^http:\/\/localhost:\d+$/);
  await server.close();
});
