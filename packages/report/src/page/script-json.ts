/** Characters that can end a script element, open a comment in one, or end a line in old parsers. */
const dangerous = /[<>&\u2028\u2029]/g;

/**
 * `value` as JSON that is safe inside an HTML script element: `</script>`, `<!--` and the line separators of JavaScript
 * cannot occur, whatever the strings hold, and `JSON.parse` gives the same value back.
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    dangerous,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
