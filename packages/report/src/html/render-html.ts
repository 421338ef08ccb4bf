import type { HtmlChild } from './node.js';

/** Elements that have no end tag. */
const empty: ReadonlySet<string> = new Set(['br', 'hr', 'img', 'input', 'link', 'meta']);

/**
 * An element as HTML. Text and attribute values are escaped: names from records cannot leave the place that they stand in.
 * Tags and names of attributes are the page's own.
 */
export function renderHtml(child: HtmlChild): string {
  if (child === undefined) return '';
  if (typeof child === 'string') return escapeHtml(child);
  const { tag, attributes, children } = child;
  const written = Object.entries(attributes).flatMap(([name, value]) => {
    if (value === undefined || value === false) return [];
    return [value === true ? ` ${name}` : ` ${name}="${escapeHtml(String(value))}"`];
  });
  const start = `<${tag}${written.join('')}>`;
  return empty.has(tag) ? start : `${start}${children.map(renderHtml).join('')}</${tag}>`;
}

/** Text that shows as it is in HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
