// Options from the environment, as Orthanc's container images have it: ORTHANC__DICOM_AET is DicomAet, ORTHANC__DICOM_WEB__ROOT is
// DicomWeb.Root, ORTHANC_JSON is a whole configuration. Values are JSON where they can be read as such, texts otherwise.
import type { Environment, Values } from './file-source.ts';
import { ConfigurationError } from './option.ts';
import { isOptionName, options, sections } from './options/index.ts';

const prefix = 'ORTHANC__';

const simplified = (name: string) => name.replaceAll('_', '').toLowerCase();

const camelCase = (words: string) =>
  words
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join('');

function optionName(words: string): string {
  const known = [...Object.keys(options), ...sections].find((name) => simplified(name) === simplified(words));
  return known ?? camelCase(words);
}

function readValue(name: string, text: string): unknown {
  if (isOptionName(name) && options[name].kind === 'a text') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `value` put into `target` under the path; what stands there already stays beside it. */
function place(target: Values, [name, ...path]: readonly string[], value: unknown): Values {
  if (name === undefined) return target;
  const inner = target[name];
  return { ...target, [name]: path.length === 0 ? value : place(isObject(inner) ? inner : {}, path, value) };
}

/** The values of the files with those of the environment over them. @throws ConfigurationError */
export function withEnvironment(values: Values, environment: Environment): Values {
  let result = values;
  const whole = environment.ORTHANC_JSON;
  if (whole) result = { ...result, ...readWhole(whole) };
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || text === undefined) continue;
    const [first = '', ...rest] = variable
      .slice(prefix.length)
      .split('__')
      .filter((part) => part !== '');
    if (first === '') continue;
    const name = optionName(first);
    result = place(result, [name, ...rest.map(camelCase)], readValue(rest.length === 0 ? name : '', text));
  }
  return result;
}

function readWhole(text: string): Values {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch (cause) {
    throw new ConfigurationError('The variable ORTHANC_JSON holds no valid JSON', { cause });
  }
  throw new ConfigurationError('The variable ORTHANC_JSON must hold a JSON object');
}
