import type { PictureDetections } from '@retinabench/backends/browser';

/**
 * Draw a picture and what was found in it: boxes, scores in percent, landmarks.
 *
 * @param canvas takes the picture's size.
 */
export function drawFaces(canvas: HTMLCanvasElement, picture: ImageBitmap, faces: PictureDetections): void {
  const { widthPx, heightPx, count, boxesXyxy, scores, landmarks } = faces;
  canvas.width = widthPx;
  canvas.height = heightPx;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.drawImage(picture, 0, 0);
  const unit = Math.max(1, widthPx / 400);
  context.lineWidth = unit;
  context.font = `${9 * unit}px system-ui, sans-serif`;
  for (let face = 0; face < count; face++) {
    const [x1, y1, x2, y2] = boxesXyxy.subarray(face * 4, face * 4 + 4);
    context.strokeStyle = '#00c853';
    context.strokeRect(x1, y1, x2 - x1, y2 - y1);
    const label = `${(scores[face] * 100).toFixed(0)} %`;
    context.fillStyle = '#00c853';
    context.fillRect(x1, y1 - 11 * unit, context.measureText(label).width + 4 * unit, 11 * unit);
    context.fillStyle = '#000';
    context.fillText(label, x1 + 2 * unit, y1 - 2.5 * unit);
    context.fillStyle = '#ffd600';
    const points = landmarks?.subarray(face * 10, face * 10 + 10) ?? [];
    for (let at = 0; at < points.length; at += 2) {
      context.beginPath();
      context.arc(points[at], points[at + 1], 1.5 * unit, 0, 2 * Math.PI);
      context.fill();
    }
  }
}
