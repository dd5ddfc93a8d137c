// A resource as the OpenAPI document tells of it. All but its identity depends on its level and on what was asked for.
import { Type } from '../../http/index.ts';

const { Optional } = Type;
const tags = (description: string) => Optional(Type.Record(Type.String(), Type.Unknown(), { description }));
const identifier = () => Optional(Type.String());
const identifiers = () => Optional(Type.Array(Type.String()));

export const resourceShape = Type.Object({
  ID: Type.String(),
  Type: Type.String({ enum: ['Patient', 'Study', 'Series', 'Instance'] }),
  MainDicomTags: tags('By keyword, or in the other formats by tag'),
  PatientMainDicomTags: tags('Of the patient of a study'),
  RequestedTags: tags('What was asked for by name'),
  ParentPatient: identifier(),
  ParentStudy: identifier(),
  ParentSeries: identifier(),
  Studies: identifiers(),
  Series: identifiers(),
  Instances: identifiers(),
  IsProtected: Optional(Type.Boolean()),
  IsStable: Optional(Type.Boolean()),
  Status: Optional(Type.String({ description: 'Of a series: whether it is complete' })),
  ExpectedNumberOfInstances: Optional(Type.Union([Type.Integer(), Type.Null()])),
  IndexInSeries: Optional(Type.Union([Type.Integer(), Type.Null()])),
  FileSize: Optional(Type.Integer()),
  FileUuid: Optional(Type.String()),
  LastUpdate: Optional(Type.String({ description: 'UTC, YYYYMMDDTHHMMSS' })),
  AnonymizedFrom: identifier(),
  ModifiedFrom: identifier(),
  Labels: Optional(Type.Array(Type.String())),
  Metadata: Optional(Type.Record(Type.String(), Type.String())),
  Attachments: Optional(Type.Array(Type.Record(Type.String(), Type.Union([Type.String(), Type.Integer()])))),
});
