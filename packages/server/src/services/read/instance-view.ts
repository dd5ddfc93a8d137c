// An instance as filters and scripts see it.
import type { Dictionary, ParsedFile } from '@pharos/dicom';
import { levels, type MainDicomTagRegistry } from '../../model/index.ts';
import type { InstanceView } from '../../ports/index.ts';
import { instanceTags } from './instance-tags.ts';

export interface InstanceViewDependencies {
  readonly dictionary: Dictionary;
  readonly mainTags: Pick<MainDicomTagRegistry, 'tags'>;
}

/** Main DICOM tags are shown however long they are. @throws PharosError BadFileFormat */
export function createInstanceViewer({
  dictionary,
  mainTags,
}: InstanceViewDependencies): (file: ParsedFile) => InstanceView {
  const ignoreLength = new Set(levels.flatMap((level) => [...mainTags.tags[level]]));
  return (file) => ({
    tags: JSON.stringify(instanceTags(file, { format: 'simplify', dictionary, ignoreLength })),
    hasPixelData: file.pixelData !== undefined,
    transferSyntax: file.transferSyntax,
  });
}
