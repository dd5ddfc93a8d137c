// The Orthanc that Pharos is measured beside.
import { orthancCommand } from '@pharos/testkit';

/** @param option of `--orthanc`: a command. @returns undefined where there is none on this machine */
export function theirCommand(option: string | undefined): readonly string[] | undefined {
  return option?.split(' ') ?? orthancCommand();
}
