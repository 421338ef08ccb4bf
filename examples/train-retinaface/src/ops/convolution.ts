import * as tf from '@tensorflow/tfjs-core';

/**
 * A convolution without bias, padded by half its kernel on all sides, with its gradient.
 *
 * TensorFlow.js differentiates its own operations only where their gradients are registered, and its WebAssembly engine
 * has no kernel for the gradient of a filter: here that is a matrix product.
 *
 * @param x      [batch, height, width, inputs].
 * @param filter [kernel, kernel, inputs, outputs], kernel odd.
 */
export function convolution(x: tf.Tensor4D, filter: tf.Tensor4D, stride: number): tf.Tensor4D {
  const apply = tf.customGrad((...inputs) => {
    const [image, weight, save] = inputs as [tf.Tensor4D, tf.Tensor4D, tf.GradSaveFunc];
    const padded = pad(image, weight.shape[0]);
    save([padded, weight]);
    return {
      value: tf.conv2d(padded, weight, stride, 'valid'),
      gradFunc: (dy, saved) => {
        const [from, kernel] = saved as [tf.Tensor4D, tf.Tensor4D];
        const slope = dy as tf.Tensor4D;
        const toPadded = tf.conv2dTranspose(slope, kernel, from.shape, stride, 'valid') as tf.Tensor4D;
        return [unpad(toPadded, kernel.shape[0]), filterGradient(from, slope, kernel.shape[0], stride)];
      },
    };
  });
  return apply(x, filter) as tf.Tensor4D;
}

/** The same over photographs, with respect to which no gradient is taken. They must outlive it. */
export function convolutionOfImages(images: tf.Tensor4D, filter: tf.Tensor4D, stride: number): tf.Tensor4D {
  const apply = tf.customGrad((weight) => {
    const size = (weight as tf.Tensor4D).shape[0];
    return {
      value: tf.conv2d(pad(images, size), weight as tf.Tensor4D, stride, 'valid'),
      gradFunc: (dy) => [filterGradient(pad(images, size), dy as tf.Tensor4D, size, stride)],
    };
  });
  return apply(filter) as tf.Tensor4D;
}

/** Gradient with respect to the filter: what all places of the kernel saw, side by side, transposed, times the slopes. */
function filterGradient(padded: tf.Tensor4D, dy: tf.Tensor4D, size: number, stride: number): tf.Tensor4D {
  const [inputs, outputs] = [padded.shape[3], dy.shape[3]];
  const seen = kernelPlaces(size).map(([y, x]) => seenFrom(padded, dy.shape, y, x, stride));
  const columns = tf.reshape(tf.concat(seen, 3), [-1, size * size * inputs]);
  return tf.reshape(tf.matMul(columns, tf.reshape(dy, [-1, outputs]), true, false), [size, size, inputs, outputs]);
}

/** Rows and columns of a square kernel, row by row. */
export function kernelPlaces(size: number): [y: number, x: number][] {
  return Array.from({ length: size * size }, (_, place) => [Math.floor(place / size), place % size]);
}

/** What place (y, x) of a kernel sees of a padded map, for each cell of the output `shape`. */
export function seenFrom(
  padded: tf.Tensor4D,
  [batch, height, width]: readonly number[],
  y: number,
  x: number,
  stride: number,
): tf.Tensor4D {
  const end = [batch, y + (height - 1) * stride + 1, x + (width - 1) * stride + 1, padded.shape[3]];
  return tf.stridedSlice(padded, [0, y, x, 0], end, [1, stride, stride, 1]) as tf.Tensor4D;
}

/** Zeros around a map, half the kernel wide. */
export function pad(x: tf.Tensor4D, size: number): tf.Tensor4D {
  const side = (size - 1) / 2;
  if (side === 0) return tf.clone(x);
  return tf.pad(x, [
    [0, 0],
    [side, side],
    [side, side],
    [0, 0],
  ]);
}

/** The map inside the padding. */
export function unpad(x: tf.Tensor4D, size: number): tf.Tensor4D {
  const side = (size - 1) / 2;
  const [batch, height, width, channels] = x.shape;
  return tf.slice(x, [0, side, side, 0], [batch, height - 2 * side, width - 2 * side, channels]);
}
