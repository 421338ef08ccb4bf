/** The hour that was read last: times in a log follow one another. */
const hour = { text: '', startMs: Number.NaN };

/** Characters of `2026-11-29T22`. */
const hourLength = 13;

/**
 * The time that a text is, in milliseconds since 1970, if it is written as `Date` writes it (`2026-11-29T22:01:44.598Z`).
 *
 * @returns undefined if it is written otherwise or is no time: then `new Date(ms).toISOString()` does not give it back.
 */
export function isoTimeMs(text: string): number | undefined {
  if (text.length !== 24) return undefined;
  if (!text.startsWith(hour.text) || hour.text === '') {
    const start = `${text.slice(0, hourLength)}:00:00.000Z`;
    const startMs = Date.parse(start);
    if (!Number.isFinite(startMs) || new Date(startMs).toISOString() !== start) return undefined;
    hour.text = text.slice(0, hourLength);
    hour.startMs = startMs;
  }
  const isShaped = text[13] === ':' && text[16] === ':' && text[19] === '.' && text[23] === 'Z';
  const [minutes, seconds] = [digits(text, 14, 16), digits(text, 17, 19)];
  const milliseconds = digits(text, 20, 23);
  if (!isShaped || !(minutes < 60 && seconds < 60) || Number.isNaN(milliseconds)) return undefined;
  return hour.startMs + (minutes * 60 + seconds) * 1000 + milliseconds;
}

/** The number of the digits [from, to), NaN if another character is among them. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
