// The modality worklist (PS3.4 K): its entries, and queries on them.
export { createKeptWorklists } from './kept-worklists.ts';
export { readWorklistQuery, type WorklistQuery } from './worklist-query.ts';
export { readWorklistSettings, type WorklistSettings } from './worklist-settings.ts';
export { createWorklists, type Worklist, type Worklists, type WorklistsDependencies } from './worklists.ts';
