import { describe, expect, it } from 'vitest';
import { identicalImages } from '../../src/eval/identical-images.js';

describe('identicalImages', () => {
  it('counts the images that have the bytes of another, and says nothing where all differ', () => {
    // Three files of a, two of b, one of c, two unread: 2 + 1 of 8 repeat another.
    const hashes = ['a', 'a', 'b', 'a', 'c', 'b', 'unread', 'unread'];
    const said = identicalImages(new Map(hashes.map((hash, image) => [`${image}.jpg`, hash])));
    expect(said).toMatch(/^images-identical: 3 of 8 images have the bytes of another \(first 1\.jpg those of 0\.jpg\)/);
    expect(
      identicalImages(
        new Map([
          ['0.jpg', 'a'],
          ['1.jpg', 'b'],
          ['2.jpg', 'unread'],
          ['3.jpg', 'unread'],
        ]),
      ),
    ).toBeUndefined();
  });
});
