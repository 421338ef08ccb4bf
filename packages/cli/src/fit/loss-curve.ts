import type { FitRound } from '@retinabench/core';

/** The loss curve as comma-separated values, one round a line. */
export function lossCsv(rounds: readonly FitRound[]): string {
  const lines = rounds.map(({ cropPx, total, pixel, landmark, prior }, index) =>
    [index + 1, cropPx, ...[total, pixel, landmark, prior].map((value) => value.toPrecision(6))].join(','),
  );
  return `round,cropPx,total,pixel,landmark,prior\n${lines.join('\n')}\n`;
}

/** The loss curve as a drawing: total and pixel term by round, with a mark where the crop grows. */
export function lossSvg(rounds: readonly FitRound[]): string {
  const [width, height, margin] = [560, 300, 44];
  const highest = Math.max(...rounds.map(({ total }) => total));
  const x = (index: number): number => margin + (index / Math.max(1, rounds.length - 1)) * (width - 1.5 * margin);
  const y = (value: number): number => height - margin - (value / highest) * (height - 2 * margin);
  const path = (pick: (round: FitRound) => number): string =>
    rounds
      .map((round, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(pick(round)).toFixed(1)}`)
      .join('');
  const text = (left: number, top: number, content: string, colour = '#222'): string =>
    `<text x="${left}" y="${top}" font-family="sans-serif" font-size="12" fill="${colour}">${content}</text>`;
  const growth = rounds.findIndex(({ cropPx }) => cropPx !== rounds[0].cropPx);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<path d="M${margin} ${margin}V${height - margin}H${width - margin / 2}" fill="none" stroke="#222"/>`,
    growth > 0 ? `<path d="M${x(growth)} ${margin}V${height - margin}" stroke="#bbb" stroke-dasharray="4 4"/>` : '',
    growth > 0 ? text(x(growth) + 4, margin + 10, `crop of ${rounds[growth].cropPx} px`, '#777') : '',
    `<path d="${path(({ total }) => total)}" fill="none" stroke="#1f5fa8" stroke-width="2"/>`,
    `<path d="${path(({ pixel }) => pixel)}" fill="none" stroke="#c2571a" stroke-width="2"/>`,
    text(margin, margin - 22, 'total', '#1f5fa8'),
    text(margin + 50, margin - 22, 'pixel term (equation 3)', '#c2571a'),
    text(4, margin + 4, highest.toFixed(2)),
    text(26, height - margin, '0'),
    text(width / 2 - 20, height - 12, `round 1 to ${rounds.length}`),
    '</svg>',
  ].join('');
}
