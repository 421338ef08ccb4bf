import { DatasetError } from '@retinabench/core';
import { SaxesParser } from 'saxes';

/** An element of an XML file; attributes and comments are left out. */
export interface XmlElement {
  readonly name: string;
  /** Line of its opening tag, counted from 1. */
  readonly line: number;
  /** Text directly in it, trimmed. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Deepest nesting; annotations have five levels. */
const deepest = 32;

/**
 * Parse an XML file into its elements. Entities other than the five of XML, and document types, are refused: nothing is
 * expanded and nothing else is opened.
 *
 * @param place the file, for messages.
 * @throws {DatasetError} with the line, if it is not well-formed, nested too deep or has a document type.
 * Cost: O(text).
 */
export function parseXml(text: string, place: string): XmlElement {
  interface Open {
    name: string;
    line: number;
    text: string;
    children: XmlElement[];
  }
  const open: Open[] = [];
  let root: XmlElement | undefined;
  const parser = new SaxesParser({ fileName: place });
  const fail = (what: string, cause?: unknown): never => {
    throw new DatasetError(
      `${place}:${parser.line}: ${what}; correct the file or write it again`,
      cause === undefined ? {} : { cause },
    );
  };
  parser.on('error', (error) =>
    fail(
      `expected XML, got an error at column ${parser.column} (${error.message.replace(/^.*?:\d+:\d+: /s, '').slice(0, 200)})`,
      error,
    ),
  );
  parser.on('doctype', () => fail('expected no document type (DOCTYPE), which no annotation has'));
  parser.on('opentag', ({ name }) => {
    if (open.length === deepest) fail(`expected at most ${deepest} elements in one another, got more`);
    open.push({ name, line: parser.line, text: '', children: [] });
  });
  const addText = (part: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    const element = open.pop();
    if (element === undefined) return;
    element.text = element.text.trim();
    const parent = open.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  });
  parser.write(text).close();
  return root ?? fail('expected an XML element, got none');
}
