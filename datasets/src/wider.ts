// Images in the layout of WIDER FACE, and what set they and their annotations are; nothing is made or fetched.
export { type AlteredAnnotations, alteredAnnotations } from './wider/altered-annotations.js';
export { listWiderImages, type WiderImage } from './wider/list.js';
export { ownName } from './wider/own-name.js';
export { matchWiderValNames } from './wider/recognise.js';
