import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html, textOf } from '../../src/html/node.js';
import { renderHtml } from '../../src/html/render-html.js';

test('writes elements, attributes and text; leaves out what is false or undefined', () => {
  const node = html('p', { class: 'a', hidden: true, id: undefined, open: false }, 'x < y', html('br'), undefined);
  expect(renderHtml(node)).toBe('<p class="a" hidden>x &lt; y<br></p>');
  expect(textOf(node)).toBe('x < y');
});

test('no text or value leaves its place, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const written = renderHtml(html('a', { href: text }, text));
      // One start tag with one attribute, one end tag, and no quotation mark or bracket between them.
      expect(written).toMatch(/^<a href="[^"<>]*">[^"<>]*<\/a>$/);
    }),
    { seed: 3 },
  );
});
