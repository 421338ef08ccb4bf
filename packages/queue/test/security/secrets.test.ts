import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { BackendError } from '@retinabench/core';
import { afterAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../../tools/tests/free-port.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { postgresFolder, redisProgram, startPostgres, startRedis } from '../support/servers.js';

const there = redisProgram !== undefined;
const hasOpenssl = spawnSync('openssl', ['version'], { stdio: 'ignore' }).error === undefined;
const password = 'geh3im p@ss';
const encoded = encodeURIComponent(password);

/** Everything that an error says, also where a debugger or a crash would print it. */
function allOf(error: unknown): string {
  return inspect(error, { depth: 10, showHidden: true }) + String((error as Error).stack);
}

async function errorOf(url: string): Promise<unknown> {
  return openEngine(url, { onNote: () => undefined }).then(
    () => expect.unreachable('it was let in'),
    (error: unknown) => error,
  );
}

describe.skipIf(!there)(there ? 'an engine on Redis' : 'skipped: no Redis here', () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-secrets-'));
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  test('is let in with a password and as an ACL user of few rights, and refused otherwise without saying the password', async () => {
    // The rights that docs/queue.md names.
    const rights = ['~retinabench:*', '&*', '+@all', '-@dangerous', '+info', '+config|get', '+client'];
    const user = ['--user', 'bench', 'on', `>${password}`, ...rights];
    const server = await startRedis(['--requirepass', password, ...user]);
    const at = `127.0.0.1:${server.port}`;
    for (const name of ['', 'bench']) {
      const engine = await openEngine(`redis://${name}:${encoded}@${at}`, { onNote: () => undefined });
      const store = engine.jobs('rights');
      await store.add([{ id: 'a', data: {} }]);
      const taker = engine.taker('rights', { lockMs: 60_000, mostStalls: 2 });
      expect(await (await taker.take())?.complete({})).toBe(true);
      expect(await store.list('completed', 1)).toHaveLength(1);
      await store.destroy();
      expect(engine.address.shown).toBe(`redis://${at}`);
      await engine.close();
    }
    const wrong = await errorOf(`redis://bench:${encodeURIComponent(`${password}x`)}@${at}`);
    expect(wrong).toBeInstanceOf(BackendError);
    expect((wrong as Error).message).toMatch(/WRONGPASS/);
    for (const secret of [password, encoded]) expect(allOf(wrong)).not.toContain(secret);
    const none = await errorOf(`redis://${at}`);
    expect((none as Error).message).toMatch(/NOAUTH/);
    await server.stop();
  });

  test('says what of its settings may lose work', async () => {
    const server = await startRedis(['--appendonly', 'no', '--maxmemory-policy', 'allkeys-lru']);
    const engine = await openEngine(server.url, { onNote: () => undefined });
    expect(engine.notes.join('\n')).toMatch(/maxmemory-policy is allkeys-lru: .*set it to noeviction/);
    expect(engine.notes.join('\n')).toMatch(/appendonly is off: .*set appendonly yes/);
    await engine.close();
    await server.stop();
  });

  test.skipIf(!hasOpenssl)(
    'speaks TLS, and refuses a certificate that nobody vouches for (needs openssl)',
    async () => {
      const [key, certificate] = ['key.pem', 'cert.pem'].map((name) => path.join(work, name));
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
      const files = ['-keyout', key, '-out', certificate];
      execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, ...files], {
        stdio: 'ignore',
      });
      const tlsPort = await freePort();
      const tls = ['--tls-port', String(tlsPort), '--tls-cert-file', certificate, '--tls-key-file', key];
      const server = await startRedis([...tls, '--tls-ca-cert-file', certificate, '--tls-auth-clients', 'no']);
      const url = `rediss://localhost:${tlsPort}`;
      const refused = await errorOf(url);
      expect((refused as Error).message).toMatch(/self.signed certificate; name the authority .* NODE_EXTRA_CA_CERTS/);
      // Node reads certificates of one's own when it starts.
      const script = `
      const { openEngine } = await import('@retinabench/queue');
      const engine = await openEngine('${url}', { onNote() {} });
      process.stdout.write(engine.description);
      await engine.close();`;
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        cwd: path.resolve(import.meta.dirname, '../../../cli'),
        encoding: 'utf8',
        env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
      });
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^BullMQ .* on (Redis|Valkey)/);
      await server.stop();
    },
  );

  test('does not say the password of a server that is not there, or answers nonsense', async () => {
    // Nothing listens on the first port of all.
    const absent = await errorOf(`redis://u:${encoded}@127.0.0.1:1`);
    expect((absent as Error).message).toMatch(/^queue redis:\/\/127\.0\.0\.1:\d+: connect ECONNREFUSED/);
    const nonsense = net.createServer((socket) => socket.on('data', (data) => socket.end(`-ERR got ${data}\r\n`)));
    await new Promise<void>((resolve) => nonsense.listen(0, '127.0.0.1', resolve));
    const { port } = nonsense.address() as net.AddressInfo;
    const answered = await errorOf(`redis://u:${encoded}@127.0.0.1:${port}`);
    for (const error of [absent, answered]) {
      for (const secret of [password, encoded]) expect(allOf(error)).not.toContain(secret);
    }
    nonsense.close();
  });
});

describe.skipIf(postgresFolder === undefined)(
  postgresFolder === undefined ? 'skipped: no PostgreSQL here' : 'an engine on PostgreSQL',
  () => {
    test('does not say the password of a database that is not there', async () => {
      const server = await startPostgres();
      const error = await errorOf(`postgres://postgres:${encoded}@127.0.0.1:${server.port}/absent`);
      expect((error as Error).message).toMatch(/database "absent" does not exist/);
      for (const secret of [password, encoded]) expect(allOf(error)).not.toContain(secret);
      await server.stop();
    });
  },
);
