export { createMissingFiles, type MissingFiles, type MissingFilesDependencies } from './missing-files.ts';
