import { DatasetError } from '@retinabench/core';
import { isNumberText } from '../csv/open-table.js';
import type { CornerRule } from '../reading/reading.js';
import type { AttributeValue } from '../set/annotations-builder.js';
import { parseXml, type XmlElement } from './parse-xml.js';

/** A face of an XML file, its corners as they are written. */
export interface VocObject {
  readonly where: string;
  readonly category: string;
  /** Texts of xmin, ymin, xmax, ymax. */
  readonly corners: readonly [string, string, string, string];
  readonly difficult: boolean;
  readonly attributes: readonly (readonly [string, AttributeValue])[];
}

/** An XML file. */
export interface VocImage {
  readonly place: string;
  /** The name in it; empty if it has none. */
  readonly filename: string;
  readonly size: readonly [number, number];
  /** The rule that a file of this program states. */
  readonly corners?: CornerRule;
  readonly objects: readonly VocObject[];
}

/** Members of an object that are not attributes. */
const ownElements = new Set(['name', 'bndbox', 'difficult', 'attributes', 'part', 'polygon', 'segmentation', 'id']);

const cornerNames = ['xmin', 'ymin', 'xmax', 'ymax'] as const;

/**
 * Read one Pascal VOC file.
 *
 * @throws {DatasetError} with the line, if it is not such a file.
 */
export function readVocImage(text: string, place: string): VocImage {
  const root = parseXml(text, place);
  if (root.name !== 'annotation') {
    throw new DatasetError(
      `${place}:${root.line}: expected the element annotation of Pascal VOC, got ${JSON.stringify(root.name.slice(0, 60))}; choose another file`,
    );
  }
  const size = only(root, 'size', place);
  const side = (name: string): number => {
    const element = size === undefined ? undefined : only(size, name, place);
    if (element === undefined || element.text === '') return 0;
    return number(element, place);
  };
  const source = only(root, 'source', place);
  const stated =
    source && /^corners (one-based|zero-based|continuous)$/.exec(only(source, 'annotation', place)?.text ?? '');
  return {
    place,
    filename: only(root, 'filename', place)?.text ?? '',
    size: [side('width'), side('height')],
    ...(stated === undefined || stated === null ? {} : { corners: stated[1] as CornerRule }),
    objects: root.children.filter(({ name }) => name === 'object').map((object) => readObject(object, place)),
  };
}

function readObject(object: XmlElement, place: string): VocObject {
  const where = `${place}:${object.line}`;
  const name = only(object, 'name', place);
  const box = only(object, 'bndbox', place);
  if (name === undefined || name.text === '')
    throw new DatasetError(`${where}: expected an object with a name, got none; add it`);
  if (box === undefined) {
    throw new DatasetError(`${where}: expected an object with a bndbox, got none; add it or remove the object`);
  }
  const corners = cornerNames.map((corner) => {
    const element = only(box, corner, place);
    if (element === undefined) {
      throw new DatasetError(`${place}:${box.line}: expected a bndbox with ${corner}, got none; add it`);
    }
    number(element, place);
    return element.text;
  });
  const difficult = only(object, 'difficult', place);
  const attributes = object.children
    .filter((child) => !ownElements.has(child.name) && child.children.length === 0)
    .map((child) => [child.name, attributeOf(child.text)] as const);
  return {
    where,
    category: name.text,
    corners: corners as unknown as VocObject['corners'],
    difficult: difficult !== undefined && flag(difficult, place),
    attributes: [...attributes, ...listedAttributes(object, place)],
  };
}

/** `<attributes><attribute><name>..</name><value>..</value></attribute></attributes>`, as CVAT writes them. */
function listedAttributes(object: XmlElement, place: string): (readonly [string, AttributeValue])[] {
  const list = only(object, 'attributes', place);
  return (list?.children ?? []).flatMap((attribute) => {
    const name = only(attribute, 'name', place)?.text ?? '';
    const value = only(attribute, 'value', place)?.text ?? '';
    return name === '' ? [] : [[name, attributeOf(value)] as const];
  });
}

function attributeOf(text: string): AttributeValue {
  if (text === '') return undefined;
  return isNumberText(text) ? Number(text) : text;
}

/** The one child of a name. @throws {DatasetError} if there are several. */
function only(element: XmlElement, name: string, place: string): XmlElement | undefined {
  const found = element.children.filter((child) => child.name === name);
  if (found.length < 2) return found[0];
  throw new DatasetError(
    `${place}:${found[1].line}: expected one ${name} in ${element.name}, got ${found.length}; remove the others`,
  );
}

function number({ name, text, line }: XmlElement, place: string): number {
  const value = Number(text);
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?$/.test(text) && text.length < 400 && Number.isFinite(value))
    return value;
  throw new DatasetError(
    `${place}:${line}: expected a finite number as ${name}, got ${JSON.stringify(text.slice(0, 60))}; correct it`,
  );
}

function flag({ name, text, line }: XmlElement, place: string): boolean {
  const word = text.toLowerCase();
  if (word === '' || word === '0' || word === 'false') return false;
  if (word === '1' || word === 'true') return true;
  throw new DatasetError(
    `${place}:${line}: expected 0 or 1 as ${name}, got ${JSON.stringify(text.slice(0, 60))}; correct it`,
  );
}
