// Folders, whole files and their hashes: no log, no run, no array.
export { defaultCacheDir } from './cache-root.js';
export { filesDigest } from './files-digest.js';
export { hashFile } from './hash-file.js';
export { isFile } from './is-file.js';
export { isFolder } from './is-folder.js';
export { makeFolder } from './make-folder.js';
export { refuseLinks } from './refuse-links.js';
export { removeIfEmpty } from './remove-if-empty.js';
export { type FileContent, probeFolder, replaceFile, replaceFiles } from './replace-file.js';
export { requireRegularFile } from './require-regular-file.js';
export { writeAdvice } from './write-advice.js';
export { writeWhole } from './write-whole.js';
