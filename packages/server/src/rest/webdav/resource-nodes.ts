// Patients, studies, series and instances as folders and files, seen in several ways: by patient, study, date and UID.
import { formatTag, type Tag, Tag as Tags } from '@pharos/dicom';
import { bytes, type Reply, writeJson } from '../../http/index.ts';
import { Attachment, childLevel, isOrthancId, type Level, Metadata, type OrthancId } from '../../model/index.ts';
import type { IndexQuery, Resource, TagTerm } from '../../ports/index.ts';
import { deleteResources } from '../../services/deletion/index.ts';
import type { Services } from '../../services/index.ts';
import { expandedContent, metadataOf, viewResource } from '../../services/read/index.ts';
import { dicomFileReply } from '../instance-content.ts';
import { createResourceJson } from '../shapes/resource-json.ts';
import { type DavFile, type DavFolder, type DavNode, fixedFolder } from './nodes.ts';

/** How the resources of one level look in a folder. */
interface Appearance {
  readonly query: IndexQuery;
  /** What their names are made of; two of the same name are told apart. */
  title(resource: Resource): string;
  /** Where one of that name can be found without looking at all of them. */
  readonly narrow?: (title: string) => TagTerm | undefined;
  node(resource: Resource, name: string): DavNode;
  /** Files beside them. */
  readonly files?: () => Promise<readonly DavFile[]>;
}

/** Stands for what cannot be in a name, here or on the client's disk. */
const replaced = '_';

const nameOf = (text: string): string => text.replace(/[\p{Cc}:*?"<>|/\\]/gu, replaced).trim() || replaced;

const textOf = ({ tags }: Resource, tag: Tag): string => tags[formatTag(tag)] ?? '';

const titleOf =
  (...parts: readonly Tag[]) =>
  (resource: Resource): string =>
    nameOf(parts.map((tag) => textOf(resource, tag)).join(' - '));

const patientTitle = titleOf(Tags.PatientID, Tags.PatientName);
const studyTitle = titleOf(Tags.StudyDate, Tags.StudyDescription);
const seriesTitle = titleOf(Tags.Modality, Tags.SeriesDescription);
const patientAndStudyTitle = titleOf(Tags.PatientID, Tags.PatientName, Tags.StudyDescription);

/** A second one of the same title. */
const numbered = (title: string, id: OrthancId): string => `${title} (${id.slice(0, 8)})`;
const numberedShape = / \([0-9a-f]{8}\)$/;

function equalTo(level: Level, tag: Tag, values: readonly string[]): TagTerm {
  return { level, tag, match: { kind: 'list', values }, caseSensitive: true };
}

/** Titles that begin with a PatientID, which may have hyphens itself. undefined: it may have been changed to be a name. */
function patientTerm(level: Level) {
  return (title: string): TagTerm | undefined => {
    const parts = title.split(' - ');
    if (parts.length < 2 || title.includes(replaced)) return undefined;
    const prefixes = parts.slice(1).map((_part, at) => parts.slice(0, at + 1).join(' - '));
    return equalTo(level, Tags.PatientID, prefixes);
  };
}

const timestampShape = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/;

function modifiedAt(resource: Resource, now: Date): Date {
  const type = resource.level === 'Instance' ? Metadata.ReceptionDate : Metadata.LastUpdate;
  const [, ...parts] = timestampShape.exec(metadataOf(resource, type) ?? '') ?? [];
  const [year = 0, month = 1, day, hour, minute, second] = parts.map(Number);
  return parts.length === 0 ? now : new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

function createFolders(services: Services) {
  const { index, clock } = services;
  const now = clock.now();

  const fieldsOf = (level: Level) => ({ tags: true, metadata: true, attachments: level === 'Instance' });

  async function* found(query: IndexQuery): AsyncGenerator<readonly Resource[]> {
    yield* index.find(query, fieldsOf(query.level));
  }

  const removing = (ids: readonly OrthancId[]) => (): Promise<void> =>
    deleteResources(
      services,
      ids.map((id) => ({ id })),
    );

  async function named(look: Appearance, wanted: string): Promise<DavNode | undefined> {
    const title = wanted.replace(numberedShape, '');
    const term = look.narrow?.(title);
    const query = term ? { ...look.query, terms: [...(look.query.terms ?? []), term] } : look.query;
    for await (const batch of found(query)) {
      for (const resource of batch) {
        const own = look.title(resource);
        if (own === wanted || numbered(own, resource.id) === wanted) return look.node(resource, wanted);
      }
    }
    return undefined;
  }

  function folder(name: string, modified: Date, look: Appearance, remove?: () => Promise<void>): DavFolder {
    return {
      kind: 'folder',
      name,
      modified,
      ...(remove && { remove }),
      async *list() {
        if (look.files) yield await look.files();
        const used = new Set<string>();
        for await (const batch of found(look.query)) {
          yield batch.map((resource) => {
            const title = look.title(resource);
            const unused = used.has(title) ? numbered(title, resource.id) : title;
            used.add(unused);
            return look.node(resource, unused);
          });
        }
      },
      async child(wanted) {
        const file = (await look.files?.())?.find((candidate) => candidate.name === wanted);
        return file ?? named(look, wanted);
      },
    };
  }

  function folderOf(resource: Resource, name: string, look: Appearance): DavFolder {
    return folder(name, modifiedAt(resource, now), look, removing([resource.id]));
  }

  function instanceFile(resource: Resource, name: string): DavFile {
    const attachment = resource.attachments.find(({ type }) => type === Attachment.dicom);
    return {
      kind: 'file',
      name,
      modified: modifiedAt(resource, now),
      mime: 'application/dicom',
      length: attachment?.uncompressedSize ?? 0,
      remove: removing([resource.id]),
      open: (): Promise<Reply> => dicomFileReply(services, resource, name),
    };
  }

  /** `study.json`, `series.json`: what the REST API says of the resource. It is not deleted by itself, nor does trying so fail. */
  async function jsonFile(resource: Resource, name: string): Promise<readonly DavFile[]> {
    const content = expandedContent;
    const view = await viewResource(services, resource.id, { level: resource.level, content, requestedTags: [] });
    if (!view) return [];
    const text = Buffer.from(writeJson(createResourceJson(services, { content, format: 'simplify' })(view)), 'utf8');
    const mime = 'application/json';
    return [
      {
        kind: 'file',
        name,
        modified: modifiedAt(resource, now),
        mime,
        length: text.length,
        remove: async () => undefined,
        open: async () => bytes(text, mime),
      },
    ];
  }

  /** What is right below a resource. */
  const below = (resource: Resource): IndexQuery => ({
    level: childLevel(resource.level) ?? 'Instance',
    within: resource.id,
  });

  const seriesFolder = (series: Resource, name: string): DavFolder => {
    const whole = folderOf(series, name, {
      query: below(series),
      title: ({ id }) => `${id}.dcm`,
      node: instanceFile,
    });
    return {
      ...whole,
      async child(wanted) {
        const id = wanted.replace(/\.dcm$/, '');
        const instance = isOrthancId(id) ? await index.get(id, fieldsOf('Instance')) : undefined;
        return instance?.parent === series.id ? instanceFile(instance, wanted) : undefined;
      },
    };
  };

  const studyFolder = (study: Resource, name: string): DavFolder =>
    folderOf(study, name, { query: below(study), title: seriesTitle, node: seriesFolder });

  const patientFolder = (patient: Resource, name: string): DavFolder =>
    folderOf(patient, name, { query: below(patient), title: studyTitle, node: studyFolder });

  /** Named by its UID, with a file about it. */
  const seriesByUid = (series: Resource, name: string): DavFolder =>
    folderOf(series, name, {
      query: below(series),
      title: (instance) => `${nameOf(textOf(instance, Tags.SOPInstanceUID))}.dcm`,
      narrow: (title) => equalTo('Instance', Tags.SOPInstanceUID, [title.replace(/\.dcm$/, '')]),
      node: instanceFile,
      files: () => jsonFile(series, 'series.json'),
    });

  const studyByUid = (study: Resource, name: string): DavFolder =>
    folderOf(study, name, {
      query: below(study),
      title: titleOf(Tags.SeriesInstanceUID),
      narrow: (title) => equalTo('Series', Tags.SeriesInstanceUID, [title]),
      node: seriesByUid,
      files: () => jsonFile(study, 'study.json'),
    });

  const studiesOf = (from: string, to: string): IndexQuery => ({
    level: 'Study',
    terms: [{ level: 'Study', tag: Tags.StudyDate, match: { kind: 'range', from, to }, caseSensitive: true }],
  });

  /** The first letters of the dates of studies. */
  async function datesOf(query: IndexQuery, letters: number): Promise<readonly string[]> {
    const dates = new Set<string>();
    for await (const batch of index.find(query, { tags: true })) {
      for (const study of batch) dates.add(textOf(study, Tags.StudyDate));
    }
    const whole = [...dates].filter((date) => /^\d{8}$/.test(date));
    return [...new Set(whole.map((date) => date.slice(0, letters)))].sort();
  }

  const removingAll = (query: IndexQuery) => async (): Promise<void> => {
    const ids: OrthancId[] = [];
    for await (const batch of index.find(query, {})) ids.push(...batch.map(({ id }) => id));
    await removing(ids)();
  };

  /** @param month `YYYYMM` */
  const monthFolder = (month: string): DavFolder => {
    const query = studiesOf(`${month}01`, `${month}31`);
    const name = `${month.slice(0, 4)}-${month.slice(4)}`;
    const look = { query, title: patientAndStudyTitle, narrow: patientTerm('Patient'), node: studyFolder };
    return folder(name, now, look, removingAll(query));
  };

  const yearFolder = (year: string): DavFolder => {
    const query = studiesOf(`${year}0101`, `${year}1231`);
    return {
      kind: 'folder',
      name: year,
      modified: now,
      remove: removingAll(query),
      async *list() {
        yield (await datesOf(query, 6)).map(monthFolder);
      },
      // Each year has its months, also those without studies.
      async child(name) {
        const month = name.startsWith(`${year}-`) ? name.slice(5) : '';
        return /^(?:0[1-9]|1[0-2])$/.test(month) ? monthFolder(year + month) : undefined;
      },
    };
  };

  const dates: DavFolder = {
    kind: 'folder',
    name: 'by-dates',
    modified: now,
    async *list() {
      yield (await datesOf({ level: 'Study' }, 4)).map(yearFolder);
    },
    child: async (name) => (/^\d{4}$/.test(name) ? yearFolder(name) : undefined),
  };

  return [
    dates,
    folder('by-patients', now, {
      query: { level: 'Patient' },
      title: patientTitle,
      narrow: patientTerm('Patient'),
      node: patientFolder,
    }),
    folder('by-studies', now, {
      query: { level: 'Study' },
      title: patientAndStudyTitle,
      narrow: patientTerm('Patient'),
      node: studyFolder,
    }),
    folder('by-uids', now, {
      query: { level: 'Study' },
      title: titleOf(Tags.StudyInstanceUID),
      narrow: (title) => equalTo('Study', Tags.StudyInstanceUID, [title]),
      node: studyByUid,
    }),
  ];
}

/** The folder /webdav, for one request. @param uploads where clients may upload */
export function rootFolder(services: Services, uploads: DavFolder | undefined): DavFolder {
  const folders = createFolders(services);
  return fixedFolder('webdav', services.clock.now(), uploads ? [...folders, uploads] : folders);
}
