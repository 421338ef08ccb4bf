import type { TfliteType } from '@retinabench/models';

/** TensorFlow Lite's name of a type of TensorFlow.js. */
export function recordedType(dtype: string): TfliteType {
  return dtype === 'bool' ? 'bool' : dtype === 'int32' ? 'int32' : 'float32';
}

/** TensorFlow.js's name of a recorded type. */
export function plannedType(type: TfliteType): 'float32' | 'int32' | 'bool' {
  return type === 'bool' || type === 'int32' ? type : 'float32';
}
