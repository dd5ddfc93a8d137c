// Where our statuses, types and methods differ from those of Orthanc 1.10.1 on purpose, and why. The comparison fails on any other.
export interface KnownStatusDifference {
  /** Matches `METHOD /path?query body`. */
  readonly request: RegExp;
  /** Matches `status type allow | status type allow`, ours first. */
  readonly difference: RegExp;
  readonly reason: string;
}

export const knownStatusDifferences: readonly KnownStatusDifference[] = [
  {
    request: /\/labels\b|\/tools\/(accepted-sop-classes|labels|count-resources)|\/worklists|\/modalities\/x\/get/,
    difference: /\| 404 /,
    reason: 'Routes that came after 1.10.1',
  },
  {
    request: /\/tools\/create-(archive|media)|\/jobs\/x/,
    difference: /\| 405 +(POST|GET)$/,
    reason: 'Methods that came after 1.10.1',
  },
  { request: /^GET/, difference: /^307 .*\| 301 /, reason: 'Redirects are 307 in 1.13' },
  {
    request: /compressed-data/,
    difference: /^200 application\/dicom .*\| 200 application\/octet-stream/,
    reason: 'Orthanc 1.13 tells the type of an attachment',
  },
  {
    request: /^(POST|PUT|DELETE) .*\/(content|webdav)\//,
    difference: /^405 .*\| 404/,
    reason: 'Orthanc does not know the methods of routes with an open end',
  },
  {
    request: /\/(preview|rendered|matlab|numpy|raw|raw\.gz|image-\w+)$/,
    difference: /^200 .*\| (400|415|500)/,
    reason: 'Orthanc 1.10.1 cannot decode these images',
  },
  {
    request: /\/(matlab|numpy|raw|raw\.gz)$/,
    difference: /^500 .*\| 400/,
    reason: 'The description of an image without one: Orthanc takes the file for a bad one',
  },
  {
    request: /\?(expand=maybe|requested-tags=Nope|limit=2|since=)/,
    difference: /^400 .*\| (200|404)/,
    reason: 'Orthanc 1.13 checks these arguments',
  },
  {
    request: /\/(modalities|peers|queries)\/x\//,
    difference: /^404 .*\| (400|500)/,
    reason: 'Name and body, or number, are both wrong: here the name is looked at first',
  },
  {
    request: /\/(split|find-worklist) /,
    difference: /^400 .*\| 500/,
    reason: 'A body that is no object is the fault of the client here',
  },
];
