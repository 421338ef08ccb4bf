import type { HtmlChild } from '../src/html/node.js';

const svg: ReadonlySet<string> = new Set(['svg', 'path', 'rect', 'line', 'circle', 'title']);

/** An element of the page as a node of the document. */
export function domOf(child: HtmlChild): Node {
  if (child === undefined || typeof child === 'string') return document.createTextNode(child ?? '');
  const { tag, attributes, children } = child;
  const made = svg.has(tag) ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.map(domOf));
  return made;
}
