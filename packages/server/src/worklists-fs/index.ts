// The modality worklist as a folder of files.
export { openWorklistFolder, type WorklistFolderOptions } from './worklist-folder.ts';
