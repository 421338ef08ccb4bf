/**
 * Text for a cell of a Markdown table: markup, HTML, mentions and line breaks in it show as characters and do nothing.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n\u2028\u2029]+/g, ' ')
    .replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? character)
    .replace(/[\\`*_{}[\]#|~]/g, (character) => `\\${character}`)
    .replaceAll('@', '&#64;');
}
