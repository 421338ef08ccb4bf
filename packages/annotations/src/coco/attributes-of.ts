import type { AttributeValue } from '../set/annotations-builder.js';
import type { JsonObject } from './field.js';

/** Members of an annotation that are not attributes. */
const ownMembers = new Set([
  'id',
  'image_id',
  'category_id',
  'bbox',
  'area',
  'iscrowd',
  'ignore',
  'difficult',
  'segmentation',
  'keypoints',
  'num_keypoints',
  'attributes',
]);

/** Members that can be attributes: those of `attributes`, and those that COCO does not have. */
export function* attributesOf(face: JsonObject): Generator<readonly [string, AttributeValue]> {
  for (const key in face) {
    if (!ownMembers.has(key)) yield [key, attributeValue(face[key])];
  }
  const { attributes } = face;
  if (typeof attributes !== 'object' || attributes === null) return;
  for (const [key, value] of Object.entries(attributes)) yield [key, attributeValue(value)];
}

function attributeValue(value: unknown): AttributeValue {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}
