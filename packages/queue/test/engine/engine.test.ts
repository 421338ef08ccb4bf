import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';
import type { Engine } from '../../src/engine/engine.js';
import { openEngine } from '../../src/engine/open-engine.js';
import { queueServers, type TestServer } from '../support/servers.js';

describe.each(queueServers)('an engine on $name', ({ name, there, start }) => {
  describe.skipIf(!there)(there ? 'keeps what it promises' : `skipped: no ${name} here`, () => {
    let server: TestServer;
    let engine: Engine;
    const notes: string[] = [];
    beforeAll(async () => {
      server = await start();
      engine = await openEngine(server.url, { onNote: (text) => notes.push(text) });
    });
    afterAll(async () => {
      await engine?.close();
      await server?.stop();
    });

    test('names library and server with their versions', () => {
      expect(engine.description).toMatch(/^BullMQ 6\.\d+\.\d+ on (Redis|Valkey|PostgreSQL) \d+/);
    });

    test('adds each id once, gives jobs out in order, and keeps what they were completed with', async () => {
      const store = engine.jobs('order');
      const taker = engine.taker('order', { lockMs: 60_000, mostStalls: 2 });
      await store.add([
        { id: 'a', data: { value: 1 } },
        { id: 'b', data: { value: 2 } },
      ]);
      await store.add([{ id: 'a', data: { value: 3 } }]);
      expect(await store.counts()).toEqual({ waiting: 2, active: 0, completed: 0, failed: 0 });
      const first = await taker.take();
      expect(first).toMatchObject({ id: 'a', data: { value: 1 } });
      expect(await first?.renew()).toBe(true);
      expect(await store.stateOf('a')).toBe('active');
      expect(await store.remove('a')).toBe(false);
      expect(await first?.complete({ sum: 1 })).toBe(true);
      expect(await first?.complete({ sum: 2 })).toBe(false);
      expect(await store.list('completed', 10)).toMatchObject([{ id: 'a', result: { sum: 1 } }]);
      expect(await store.remove('a')).toBe(true);
      expect(await store.stateOf('a')).toBe('lost');
      const second = await taker.take();
      await second?.giveBack();
      expect((await taker.take())?.id).toBe('b');
      expect(await taker.take()).toBeUndefined();
      await taker.close();
      await store.destroy();
      expect(await store.stateOf('b')).toBe('lost');
    });

    test('keeps reports with their jobs, and says where there is no such job', async () => {
      const store = engine.jobs('reports');
      await store.add([{ id: 'run', data: {} }]);
      expect(await store.report('run', { beat: 7 })).toBe(true);
      expect(await store.get('run')).toMatchObject({ report: { beat: 7 } });
      expect(await store.report('gone', { beat: 1 })).toBe(false);
      expect(await store.get('gone')).toBeUndefined();
      await store.destroy();
    });

    test('gives a job of a silent taker to another, and fails it when that happens too often', async () => {
      const store = engine.jobs('silent');
      await store.add([{ id: 'kills', data: {} }]);
      const lock = { lockMs: 400, mostStalls: 1 };
      const [dead, living] = [engine.taker('silent', lock), engine.taker('silent', lock)];
      expect((await dead.take())?.id).toBe('kills');
      const again = await waitUntil('the job of the silent taker', () => living.take());
      expect(again.id).toBe('kills');
      // The next who takes finds it failed, and not for himself.
      await waitUntil('the job to fail', async () => {
        expect(await living.take()).toBeUndefined();
        return (await store.stateOf('kills')) === 'failed';
      });
      expect(await store.list('failed', 1)).toMatchObject([
        { id: 'kills', failure: expect.stringContaining('stalled') },
      ]);
      expect(await again.complete({})).toBe(false);
      await dead.close();
      await living.close();
      await store.destroy();
    });

    test('goes on after the server was killed and started again', async () => {
      const store = engine.jobs('crash');
      await store.add([{ id: 'kept', data: { value: 5 } }]);
      await server.kill();
      const answer = store.get('kept');
      await waitUntil('a note that the server is gone', () => notes.length > 0, { during: answer });
      await server.restart();
      expect(await answer).toMatchObject({ id: 'kept', data: { value: 5 } });
      await store.destroy();
    });
  });
});
