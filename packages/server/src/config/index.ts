// Configuration: one list of options, read from files and environment into frozen Settings.
export { type Configuration, type ConfigurationSources, loadConfiguration } from './configuration.ts';
export { defaultFile } from './default-file.ts';
export { ConfigurationError } from './option.ts';
