// Tags as clients write them.
export { type DataUri, parseDataUri } from './data-uri.ts';
export { elementsOfTags, type TagTreeOptions, tagOf } from './tag-tree.ts';
