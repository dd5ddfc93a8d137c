// The attachment that a path such as /studies/{id}/attachments/{name}/... names.
import { type AttachmentInfo, type Level, PharosError } from '../../model/index.ts';
import type { Services } from '../../services/index.ts';
import { findResource } from './level-resource.ts';

export interface AttachmentParams {
  readonly id: string;
  readonly name: string;
}

type Deps = Pick<Services, 'attachmentTypes' | 'index'>;

/** undefined: the resource or the attachment is not there. @throws PharosError InexistentItem for an unknown name */
export async function findAttachment(
  services: Deps,
  level: Level,
  { id, name }: AttachmentParams,
): Promise<AttachmentInfo | undefined> {
  const type = services.attachmentTypes.numberOf(name);
  const resource = await findResource(services, level, id, { attachments: true });
  return resource?.attachments.find((candidate) => candidate.type === type);
}

/** @throws PharosError InexistentItem for an unknown name, UnknownResource */
export async function attachmentOf(services: Deps, level: Level, params: AttachmentParams): Promise<AttachmentInfo> {
  const attachment = await findAttachment(services, level, params);
  if (!attachment) throw new PharosError('UnknownResource');
  return attachment;
}
