// Large files of annotations read in parts, without the parsers of XML, YAML and CSV.
export { isGiven, type LabelFace, type LabelVisitor, visitLabelText } from './label-text/visit-label-text.js';
export { type JsonVisitor, readJsonElements } from './source/json-elements.js';
export { type ByteSource, bytesSource, openSource } from './source/open-source.js';
export { withSource } from './source/with-source.js';
export { type BlockForm, type BlockVisitor, visitBlocks } from './wider/visit-blocks.js';
