// Bodies that ask for a modification or an anonymization.
import { isProfileOption, type ProfileOption, profileOptions } from '@pharos/dicom';
import { Type } from '../../http/index.ts';
import { type Level, type OrthancId, PharosError, type Settings } from '../../model/index.ts';
import { isEdition, type ModificationRequest, pathOf, type WrittenForm } from '../../services/edit/index.ts';
import type { Services } from '../../services/index.ts';
import { isMembers, type JsonMembers, memberReader } from './json-body.ts';
import { checkedQuality, checkedSyntax } from './written-form.ts';

export const modificationFields = {
  Replace: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  Remove: Type.Optional(Type.Array(Type.String())),
  Keep: Type.Optional(Type.Array(Type.String())),
  Force: Type.Optional(Type.Boolean()),
  KeepSource: Type.Optional(Type.Boolean()),
  KeepLabels: Type.Optional(Type.Boolean()),
  PrivateCreator: Type.Optional(Type.String()),
  Transcode: Type.Optional(Type.String()),
  LossyQuality: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
};

const newestEdition = '2023b';

type Deps = Pick<Services, 'dictionary'> & { readonly settings: Pick<Settings, 'DefaultPrivateCreator'> };

function replacementsOf({ Replace: replace }: JsonMembers): Readonly<Record<string, unknown>> {
  if (replace === undefined) return {};
  if (isMembers(replace)) return replace;
  throw new PharosError('BadRequest', 'Field "Replace" must be a JSON object');
}

/** What both have in common. @throws PharosError BadRequest, BadFileFormat */
function commonOf(members: JsonMembers, { settings }: Deps) {
  const member = memberReader(members);
  return {
    keep: member.texts('Keep') ?? [],
    remove: member.texts('Remove') ?? [],
    replace: replacementsOf(members),
    isForced: memberReader(members, 'BadFileFormat').boolean('Force') ?? false,
    privateCreator: member.text('PrivateCreator') ?? settings.DefaultPrivateCreator,
  };
}

/** The level whose identifier is replaced, the highest. */
export function impliedLevel(replace: Readonly<Record<string, unknown>>, { dictionary }: Deps): Level {
  const tags = new Set(
    Object.keys(replace)
      .map((name) => pathOf(dictionary, name))
      .filter(({ parents }) => parents.length === 0)
      .map(({ tag }) => tag),
  );
  const found = (
    [
      ['Patient', 0x00100020],
      ['Study', 0x0020000d],
      ['Series', 0x0020000e],
    ] as const
  ).find(([, tag]) => tags.has(tag));
  return found?.[0] ?? 'Instance';
}

/** @param level undefined: what is replaced tells. @throws PharosError BadRequest, BadFileFormat, UnknownDicomTag */
export function modifyRequestOf(members: JsonMembers, level: Level | undefined, deps: Deps): ModificationRequest {
  const common = commonOf(members, deps);
  return {
    ...common,
    isAnonymization: false,
    level: level ?? impliedLevel(common.replace, deps),
    removesPrivate: memberReader(members, 'BadFileFormat').boolean('RemovePrivateTags') ?? false,
    edition: newestEdition,
    options: [],
  };
}

/** @throws PharosError BadRequest where one is unknown, or two exclude each other */
function profileOptionsOf(members: JsonMembers): readonly ProfileOption[] {
  const options = [...new Set(memberReader(members).texts('Options') ?? [])].map((name) => {
    if (isProfileOption(name)) return name;
    throw new PharosError('BadRequest', `Unknown option of de-identification; known are ${profileOptions.join(', ')}`);
  });
  if (options.includes('RetainFullDates') && options.includes('ModifyDates')) {
    throw new PharosError('BadRequest', 'The options RetainFullDates and ModifyDates exclude each other');
  }
  return options;
}

/** @param patientName where the client gives none. @throws PharosError BadRequest, BadFileFormat, ParameterOutOfRange */
export function anonymizeRequestOf(members: JsonMembers, patientName: string, deps: Deps): ModificationRequest {
  const edition = memberReader(members, 'BadFileFormat').text('DicomVersion') ?? newestEdition;
  if (!isEdition(edition)) throw new PharosError('ParameterOutOfRange', 'Unknown DicomVersion');
  const options = profileOptionsOf(members);
  if (options.length > 0 && edition !== 'current') {
    throw new PharosError('BadRequest', 'Field "Options" needs "DicomVersion" to be "current"');
  }
  return {
    ...commonOf(members, deps),
    isAnonymization: true,
    level: 'Patient',
    removesPrivate: !(memberReader(members, 'BadFileFormat').boolean('KeepPrivateTags') ?? false),
    edition,
    options,
    patientName,
  };
}

/** @throws PharosError ParameterOutOfRange, BadFileFormat */
export function writtenFormOf(members: JsonMembers): WrittenForm {
  const member = memberReader(members, 'BadFileFormat');
  return {
    transcode: checkedSyntax(member.text('Transcode')),
    quality: checkedQuality(member.integer('LossyQuality')),
  };
}

/** Names of resources in `Resources`. @throws PharosError BadFileFormat, UnknownResource */
export function idsIn(
  members: JsonMembers,
  name: string,
  isId: (text: string) => text is OrthancId,
): readonly OrthancId[] {
  const ids = memberReader(members, 'BadFileFormat').texts(name) ?? [];
  return ids.map((id) => {
    if (!isId(id)) throw new PharosError('UnknownResource');
    return id;
  });
}
