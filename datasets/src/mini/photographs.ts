import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { DatasetError, EnvironmentError, type JsonSchema, readJson } from '@retinabench/core';

/** Two coordinates in photograph pixels. */
export type Point = readonly [x: number, y: number];

/** A face of a photograph, annotated by hand: WIDER FACE's box convention, RetinaFace's five landmarks. */
export interface AnnotatedFace {
  /** x, y, width, height in pixels: forehead to chin, tight, without hair and ears. */
  readonly box: readonly [x: number, y: number, width: number, height: number];
  /** Left eye, right eye, nose tip, left and right mouth corner, left as the viewer sees it; absent if one is hidden. */
  readonly landmarks?: readonly Point[];
  readonly blur: number;
  readonly expression: number;
  readonly illumination: number;
  readonly occlusion: number;
  readonly pose: number;
}

/** A photograph with all its faces. */
export interface AnnotatedPhotograph {
  readonly file: string;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly faces: readonly AnnotatedFace[];
}

const label: JsonSchema = { type: 'integer', minimum: 0, maximum: 2 };
const coordinate: JsonSchema = { type: 'number', minimum: 0, maximum: 8192 };
const face: JsonSchema = {
  type: 'object',
  required: ['box', 'blur', 'expression', 'illumination', 'occlusion', 'pose'],
  additionalProperties: false,
  properties: {
    box: { type: 'array', items: coordinate, minItems: 4, maxItems: 4 },
    landmarks: {
      type: 'array',
      items: { type: 'array', items: coordinate, minItems: 2, maxItems: 2 },
      minItems: 5,
      maxItems: 5,
    },
    blur: label,
    expression: label,
    illumination: label,
    occlusion: label,
    pose: label,
  },
};
const schema: JsonSchema = {
  type: 'object',
  required: ['version', 'package', 'folder', 'photographs'],
  additionalProperties: false,
  properties: {
    version: { const: 1 },
    package: { type: 'string' },
    folder: { type: 'string' },
    photographs: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['file', 'sha256', 'width', 'height', 'faces'],
        additionalProperties: false,
        properties: {
          file: { type: 'string' },
          sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
          width: { type: 'integer', minimum: 1 },
          height: { type: 'integer', minimum: 1 },
          faces: { type: 'array', items: face },
        },
      },
    },
  },
};

const annotationFile = new URL('../../data/mini-faces.json', import.meta.url);

/**
 * The photographs behind the embedded data set with their hand-made annotations (datasets/data/mini-faces.json).
 *
 * @throws {DatasetError} if that file is not as its schema says.
 */
export function loadPhotographs(): readonly AnnotatedPhotograph[] {
  return readAnnotations().photographs;
}

/**
 * The folder of the installed package that holds the photographs.
 *
 * @throws {EnvironmentError} if the package is not installed.
 */
export function photographFolder(): string {
  const { package: name, folder } = readAnnotations();
  try {
    return path.join(path.dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), folder);
  } catch (cause) {
    throw new EnvironmentError(`the photographs of the embedded data set come with ${name}, not installed: npm ci`, {
      cause,
    });
  }
}

function readAnnotations(): { package: string; folder: string; photographs: readonly AnnotatedPhotograph[] } {
  return readJson(readFileSync(annotationFile, 'utf8'), annotationFile.pathname, {
    schema,
    what: 'the list of photographs',
    next: 'restore it from the package',
    ErrorClass: DatasetError,
  });
}
