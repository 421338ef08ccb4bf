/** Attribute values; `false` and undefined leave the attribute out, `true` sets it empty. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** What may stand in an element: elements, or text that is shown as text whatever it holds. */
export type HtmlChild = HtmlNode | string | undefined;

/** An element as data: written into the page by `renderHtml`, or built in the browser by `domOf`. */
export interface HtmlNode {
  readonly tag: string;
  readonly attributes: Attributes;
  readonly children: readonly HtmlChild[];
}

/** An element with attributes and children. */
export function html(tag: string, attributes: Attributes = {}, ...children: readonly HtmlChild[]): HtmlNode {
  return { tag, attributes, children };
}

/** The text that an element shows. */
export function textOf(child: HtmlChild): string {
  if (child === undefined) return '';
  return typeof child === 'string' ? child : child.children.map(textOf).join('');
}
