// Settings that REST may change while the server runs.
export { createLiveSettings, type LiveDefaults } from './live-settings.ts';
