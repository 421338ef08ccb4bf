import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DatasetError } from '../../src/errors.js';
import { parseObj } from '../../src/mesh/parse-obj.js';
import { writeObj } from '../../src/mesh/write-obj.js';

const folder = path.join(process.env.RETINABENCH_SHARED ?? '../shared', 'mesh');

describe('parseObj', () => {
  it('reads vertices, colours and faces with texture and normal indices, and skips the rest', () => {
    const mesh = parseObj(
      '# a triangle\no thing\nv 0 0 0 1 0 0\nv 1 0 0 0 1 0\nv 0 1 0 0 0 1\nvt 0 0\nvn 0 0 1\nf 1/1/1 2/1/1 3//1\n',
      'a.obj',
    );
    expect([...mesh.positions]).toEqual([0, 0, 0, 1, 0, 0, 0, 1, 0]);
    expect([...mesh.triangles]).toEqual([0, 1, 2]);
    expect([...(mesh.colours ?? [])]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('splits a quad into a fan around its first corner and counts negative indices from the end', () => {
    const mesh = parseObj('v 0 0 0\r\nv 1 0 0\r\nv 1 1 0\r\nv 0 1 0\r\nf -4 -3 -2 -1\r\n', 'quad.obj');
    expect([...mesh.triangles]).toEqual([0, 1, 2, 0, 2, 3]);
    expect(mesh.colours).toBeUndefined();
  });

  it('joins lines that end with a backslash', () => {
    expect([...parseObj('v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 \\\n2 3\n', 'a.obj').triangles]).toEqual([0, 1, 2]);
  });

  it.each([
    ['v 0 0\nf 1 1 1', /a\.obj:1: expected "v x y z"/],
    ['v 0 0 nan\n', /a\.obj:1/],
    ['v 0 0 1e39\n', /a\.obj:1/],
    ['v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 4\n', /a\.obj:4: expected vertex indices up to 3, got 4/],
    ['v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 0\n', /a\.obj:4: expected vertex indices from 1/],
    ['v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 -4\n', /a\.obj:4: .*got "-4"/],
    ['v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 2\n', /a\.obj:4: expected a face of at least three different corners/],
    ['v 0 0 0\nv 1 0 0\nf 1 2\n', /a\.obj:3: expected a face/],
    ['', /0 vertices and 0 faces/],
    ['\u0000\u0001binary', /0 vertices/],
  ])('names the line of what is wrong in %j', (text, message) => {
    expect(() => parseObj(text, 'a.obj')).toThrow(DatasetError);
    expect(() => parseObj(text, 'a.obj')).toThrow(message);
  });

  it('reads back what writeObj writes', () => {
    const mesh = {
      positions: Float32Array.of(0.5, -1.25, 3, 1, 0, 0, 0, 1, 0),
      triangles: Uint32Array.of(0, 1, 2),
      colours: Float32Array.of(0.25, 0.5, 1, 0, 0, 0, 1, 1, 1),
    };
    expect(parseObj(writeObj(mesh, ['made by hand']), 'b.obj')).toEqual(mesh);
  });
});

describe.skipIf(!existsSync(folder))(
  'parseObj on the meshes of the shared data folder (skipped where it is absent)',
  () => {
    // Vertices and triangles counted with grep: ict-neutral has 25,836 quads and 548 triangles, 2 * 25,836 + 548 = 52,220.
    it.each([
      ['canonical-468.obj', 468, 898],
      ['coma-5023.obj', 5023, 9976],
      ['ict-neutral.obj', 26719, 52220],
    ])('%s has %i vertices and %i triangles', (name, vertices, triangles) => {
      const mesh = parseObj(readFileSync(path.join(folder, name), 'utf8'), name);
      expect(mesh.positions.length / 3).toBe(vertices);
      expect(mesh.triangles.length / 3).toBe(triangles);
    });
  },
);
