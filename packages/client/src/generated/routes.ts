// The REST API as types: arguments, bodies and replies by path and method.
// Written by scripts/generate-client.ts from the OpenAPI document: do not edit.

export type GetPatientsReply = {
  ID: string;
  Type: 'Patient' | 'Study' | 'Series' | 'Instance';
  /** By keyword, or in the other formats by tag */
  MainDicomTags?: Readonly<Record<string, unknown>>;
  /** Of the patient of a study */
  PatientMainDicomTags?: Readonly<Record<string, unknown>>;
  /** What was asked for by name */
  RequestedTags?: Readonly<Record<string, unknown>>;
  ParentPatient?: string;
  ParentStudy?: string;
  ParentSeries?: string;
  Studies?: ReadonlyArray<string>;
  Series?: ReadonlyArray<string>;
  Instances?: ReadonlyArray<string>;
  IsProtected?: boolean;
  IsStable?: boolean;
  /** Of a series: whether it is complete */
  Status?: string;
  ExpectedNumberOfInstances?: number | null;
  IndexInSeries?: number | null;
  FileSize?: number;
  FileUuid?: string;
  /** UTC, YYYYMMDDTHHMMSS */
  LastUpdate?: string;
  AnonymizedFrom?: string;
  ModifiedFrom?: string;
  Labels?: ReadonlyArray<string>;
  Metadata?: Readonly<Record<string, string>>;
  Attachments?: ReadonlyArray<Readonly<Record<string, string | number>>>;
};

export type PostInstancesReply = {
  ID: string;
  Path: string;
  Status: 'Success' | 'AlreadyStored' | 'FilteredOut';
  ParentPatient: string;
  ParentStudy: string;
  ParentSeries: string;
};

export type DeletePatientsIdReply = {
  RemainingAncestor: DeletePatientsIdReply2 | null;
};

export type DeletePatientsIdReply2 = {
  ID: string;
  Path: string;
  Type: string;
};

export type GetPatientsIdAttachmentsNameInfoReply = {
  Uuid: string;
  ContentType: number;
  UncompressedSize: number;
  CompressedSize: number;
  UncompressedMD5: string;
  CompressedMD5: string;
};

export type PostPatientsIdReconstructBody = {
  /** Store the files again as the settings are now */
  ReconstructFiles?: boolean;
  /** Only the main DICOM tags of the resource itself, from one of its instances */
  LimitToThisLevelMainDicomTags?: boolean;
};

export type PostPatientsIdArchiveBody = {
  /** Whether the answer waits for the end of the job */
  Synchronous?: boolean;
  /** The contrary of Synchronous, which outranks it */
  Asynchronous?: boolean;
  /** Higher goes first */
  Priority?: number;
  /** Whether the job goes on after a step that failed */
  Permissive?: boolean;
  UserData?: unknown;
  Filename?: string;
  Transcode?: string;
  LossyQuality?: number;
  Utf8?: boolean;
};

export type PostPatientsIdMediaBody = {
  /** Whether the answer waits for the end of the job */
  Synchronous?: boolean;
  /** The contrary of Synchronous, which outranks it */
  Asynchronous?: boolean;
  /** Higher goes first */
  Priority?: number;
  /** Whether the job goes on after a step that failed */
  Permissive?: boolean;
  UserData?: unknown;
  Filename?: string;
  Transcode?: string;
  LossyQuality?: number;
  Utf8?: boolean;
  Extended?: boolean;
};

export type PostToolsCreateArchiveBody = {
  /** Whether the answer waits for the end of the job */
  Synchronous?: boolean;
  /** The contrary of Synchronous, which outranks it */
  Asynchronous?: boolean;
  /** Higher goes first */
  Priority?: number;
  /** Whether the job goes on after a step that failed */
  Permissive?: boolean;
  UserData?: unknown;
  Filename?: string;
  Transcode?: string;
  LossyQuality?: number;
  Utf8?: boolean;
  Resources: ReadonlyArray<string>;
};

export type PostPatientsIdModifyBody = {
  /** Whether the answer waits for the end of the job */
  Synchronous?: boolean;
  /** The contrary of Synchronous, which outranks it */
  Asynchronous?: boolean;
  /** Higher goes first */
  Priority?: number;
  /** Whether the job goes on after a step that failed */
  Permissive?: boolean;
  UserData?: unknown;
  Replace?: Readonly<Record<string, unknown>>;
  Remove?: ReadonlyArray<string>;
  Keep?: ReadonlyArray<string>;
  Force?: boolean;
  KeepSource?: boolean;
  KeepLabels?: boolean;
  PrivateCreator?: string;
  Transcode?: string;
  LossyQuality?: number;
  RemovePrivateTags?: boolean;
};

export type PostPatientsIdAnonymizeBody = {
  /** Whether the answer waits for the end of the job */
  Synchronous?: boolean;
  /** The contrary of Synchronous, which outranks it */
  Asynchronous?: boolean;
  /** Higher goes first */
  Priority?: number;
  /** Whether the job goes on after a step that failed */
  Permissive?: boolean;
  UserData?: unknown;
  Replace?: Readonly<Record<string, unknown>>;
  Remove?: ReadonlyArray<string>;
  Keep?: ReadonlyArray<string>;
  Force?: boolean;
  KeepSource?: boolean;
  KeepLabels?: boolean;
  PrivateCreator?: string;
  Transcode?: string;
  LossyQuality?: number;
  KeepPrivateTags?: boolean;
  DicomVersion?: string;
  Options?: ReadonlyArray<string>;
};

export type PutModalitiesIdBody = {
  AET: string;
  Host: string;
  Port: number;
  Manufacturer?: string;
};

export type PostModalitiesIdStoreStraightReply = {
  SOPClassUID: string;
  SOPInstanceUID: string;
};

export type PostQueriesIdAnswersIndexQueryStudiesBody = {
  Query?: Readonly<Record<string, string>>;
  Timeout?: number;
};

export type PostQueriesIdRetrieveBody = {
  TargetAet?: string;
  RetrieveMethod?: 'C-MOVE' | 'C-GET';
  Timeout?: number;
  /** Whether the answer waits for the end of the job */
  Synchronous?: boolean;
  /** The contrary of Synchronous, which outranks it */
  Asynchronous?: boolean;
  /** Higher goes first */
  Priority?: number;
  /** Whether the job goes on after a step that failed */
  Permissive?: boolean;
  UserData?: unknown;
  Full?: boolean;
  Simplify?: boolean;
};

export type GetJobsReply = {
  ID: string;
  Type: string;
  State: 'Pending' | 'Running' | 'Success' | 'Failure' | 'Paused' | 'Retry';
  Priority: number;
  Progress: number;
  CreationTime: string;
  CompletionTime?: string;
  EstimatedTimeOfArrival?: string;
  Timestamp: string;
  /** Seconds */
  EffectiveRuntime: number;
  ErrorCode: number;
  ErrorDescription: string;
  ErrorDetails: string;
  ErrorPayload?: unknown;
  UserData?: unknown;
  Content: Readonly<Record<string, unknown>>;
};

export interface Routes {
  '/system': {
    /** What this server is and can */
    get: {
      reply: {
        Version: string;
        ApiVersion: number;
        PharosVersion: string;
      };
    };
  };
  '/patients': {
    /** All patients: identifiers, or what is asked for */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
        /** Full information instead of identifiers */
        expand?: boolean;
        /** What to show of each; wins over expand */
        'response-content'?: string;
        /** How many to pass over; goes with limit */
        since?: number;
        /** At most so many, 0 for all; goes with since */
        limit?: number;
      };
      reply: ReadonlyArray<string> | ReadonlyArray<GetPatientsReply>;
    };
  };
  '/studies': {
    /** All studies: identifiers, or what is asked for */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
        /** Full information instead of identifiers */
        expand?: boolean;
        /** What to show of each; wins over expand */
        'response-content'?: string;
        /** How many to pass over; goes with limit */
        since?: number;
        /** At most so many, 0 for all; goes with since */
        limit?: number;
      };
      reply: ReadonlyArray<string> | ReadonlyArray<GetPatientsReply>;
    };
  };
  '/series': {
    /** All series: identifiers, or what is asked for */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
        /** Full information instead of identifiers */
        expand?: boolean;
        /** What to show of each; wins over expand */
        'response-content'?: string;
        /** How many to pass over; goes with limit */
        since?: number;
        /** At most so many, 0 for all; goes with since */
        limit?: number;
      };
      reply: ReadonlyArray<string> | ReadonlyArray<GetPatientsReply>;
    };
  };
  '/instances': {
    /** All instances: identifiers, or what is asked for */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
        /** Full information instead of identifiers */
        expand?: boolean;
        /** What to show of each; wins over expand */
        'response-content'?: string;
        /** How many to pass over; goes with limit */
        since?: number;
        /** At most so many, 0 for all; goes with since */
        limit?: number;
      };
      reply: ReadonlyArray<string> | ReadonlyArray<GetPatientsReply>;
    };
    /** Upload a DICOM file, a gzipped one (Content-Encoding: gzip), a ZIP archive, or a form with such files */
    post: {
      reply: PostInstancesReply | ReadonlyArray<PostInstancesReply>;
    };
  };
  '/patients/{id}': {
    /** Full information about a patient */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
      };
      reply: GetPatientsReply;
    };
    /** Deletes a resource with all below it, and what is left empty above it */
    delete: {
      reply: DeletePatientsIdReply;
    };
  };
  '/studies/{id}': {
    /** Full information about a study */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
      };
      reply: GetPatientsReply;
    };
    /** Deletes a resource with all below it, and what is left empty above it */
    delete: {
      reply: DeletePatientsIdReply;
    };
  };
  '/series/{id}': {
    /** Full information about a series */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
      };
      reply: GetPatientsReply;
    };
    /** Deletes a resource with all below it, and what is left empty above it */
    delete: {
      reply: DeletePatientsIdReply;
    };
  };
  '/instances/{id}': {
    /** Full information about a instance */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
      };
      reply: GetPatientsReply;
    };
    /** Deletes a resource with all below it, and what is left empty above it */
    delete: {
      reply: DeletePatientsIdReply;
    };
  };
  '/patients/{id}/studies': {
    /** The studies of a patient: full information, or identifiers */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
        /** Full information; false for identifiers */
        expand?: boolean;
      };
      reply: ReadonlyArray<string> | ReadonlyArray<GetPatientsReply>;
    };
  };
  '/patients/{id}/series': {
    /** The series of a patient: full information, or identifiers */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
        /** Full information; false for identifiers */
        expand?: boolean;
      };
      reply: ReadonlyArray<string> | ReadonlyArray<GetPatientsReply>;
    };
  };
  '/patients/{id}/instances': {
    /** The instances of a patient: full information, or identifiers */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
        /** Full information; false for identifiers */
        expand?: boolean;
      };
      reply: ReadonlyArray<string> | ReadonlyArray<GetPatientsReply>;
    };
  };
  '/studies/{id}/series': {
    /** The series of a study: full information, or identifiers */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
        /** Full information; false for identifiers */
        expand?: boolean;
      };
      reply: ReadonlyArray<string> | ReadonlyArray<GetPatientsReply>;
    };
  };
  '/studies/{id}/instances': {
    /** The instances of a study: full information, or identifiers */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
        /** Full information; false for identifiers */
        expand?: boolean;
      };
      reply: ReadonlyArray<string> | ReadonlyArray<GetPatientsReply>;
    };
  };
  '/series/{id}/instances': {
    /** The instances of a series: full information, or identifiers */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
        /** Full information; false for identifiers */
        expand?: boolean;
      };
      reply: ReadonlyArray<string> | ReadonlyArray<GetPatientsReply>;
    };
  };
  '/studies/{id}/patient': {
    /** The patient of a study */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
      };
      reply: GetPatientsReply;
    };
  };
  '/series/{id}/patient': {
    /** The patient of a series */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
      };
      reply: GetPatientsReply;
    };
  };
  '/instances/{id}/patient': {
    /** The patient of a instance */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
      };
      reply: GetPatientsReply;
    };
  };
  '/series/{id}/study': {
    /** The study of a series */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
      };
      reply: GetPatientsReply;
    };
  };
  '/instances/{id}/study': {
    /** The study of a instance */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
      };
      reply: GetPatientsReply;
    };
  };
  '/instances/{id}/series': {
    /** The series of a instance */
    get: {
      query: {
        /** Tags as {name: value}, the default */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}} */
        full?: true;
        /** Tags to add as RequestedTags */
        'requested-tags'?: string;
        /** Old name of requested-tags */
        requestedTags?: string;
      };
      reply: GetPatientsReply;
    };
  };
  '/patients/{id}/protected': {
    /** Whether a patient is protected from recycling: 1 or 0 */
    get: {
      reply: string;
    };
    /** Protects a patient from recycling (1, true), or no longer (0, false) */
    put: {
      reply: string;
    };
  };
  '/instances/{id}/file': {
    /** The DICOM file; or as DICOMweb where Accept is application/dicom+json or application/dicom+xml */
    get: {
      query: {
        /** Name in Content-Disposition */
        filename?: string;
        /** UID of the transfer syntax to have the file in */
        transcode?: string;
        /** Quality where the transfer syntax is lossy */
        'lossy-quality'?: number;
      };
      reply: Response;
    };
  };
  '/instances/{id}/export': {
    /** Write the DICOM file to the path in the body, on the server */
    post: {
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/instances/{id}/tags': {
    /** Tags of the file */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
        /** Tags whose values are shown however long they are */
        'ignore-length'?: string;
        /** Also the tags behind Pixel Data */
        whole?: boolean;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/instances/{id}/simplified-tags': {
    /** Tags of the file as {name: value} */
    get: {
      query: {
        /** Tags whose values are shown however long they are */
        'ignore-length'?: string;
        /** Also the tags behind Pixel Data */
        whole?: boolean;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/instances/{id}/header': {
    /** Tags of the file meta information (group 0002) */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/instances/{id}/content/{rest}': {
    /** A value by its path of tags and indices of items; names of what is below, where the path ends above the values */
    get: {
      reply: Response;
    };
  };
  '/instances/{id}/pdf': {
    /** The encapsulated PDF document */
    get: {
      reply: Response;
    };
  };
  '/instances/{id}/frames': {
    /** Indices of the frames */
    get: {
      reply: ReadonlyArray<number>;
    };
  };
  '/instances/{id}/frames/{frame}': {
    /** What there is of a frame */
    get: {
      reply: ReadonlyArray<string>;
    };
  };
  '/instances/{id}/frames/{frame}/raw': {
    /** A frame as it is stored, without decoding */
    get: {
      reply: Response;
    };
  };
  '/instances/{id}/frames/{frame}/raw.gz': {
    /** A frame as it is stored, without decoding, in gzip */
    get: {
      reply: Response;
    };
  };
  '/instances/{id}/preview': {
    /** A picture, from the least value in black to the greatest in white */
    get: {
      query: {
        /** Quality of JPEG and WebP, 1 to 100 (90) */
        quality?: string;
        /** Present: a placeholder is shown where the image cannot be */
        returnUnsupportedImage?: string;
      };
      reply: Response;
    };
  };
  '/instances/{id}/frames/{frame}/preview': {
    /** A picture, from the least value in black to the greatest in white */
    get: {
      query: {
        /** Quality of JPEG and WebP, 1 to 100 (90) */
        quality?: string;
        /** Present: a placeholder is shown where the image cannot be */
        returnUnsupportedImage?: string;
      };
      reply: Response;
    };
  };
  '/instances/{id}/rendered': {
    /** A picture through a window, in a size of choice */
    get: {
      query: {
        /** Quality of JPEG and WebP, 1 to 100 (90) */
        quality?: string;
        /** Present: a placeholder is shown where the image cannot be */
        returnUnsupportedImage?: string;
        /** Middle of the window, instead of that of the image */
        'window-center'?: string;
        /** Width of the window, instead of that of the image */
        'window-width'?: string;
        /** Columns at most; the sides keep their proportion */
        width?: string;
        /** Rows at most */
        height?: string;
        /** Whether the image is smoothed before it is made smaller */
        smooth?: string;
      };
      reply: Response;
    };
  };
  '/instances/{id}/frames/{frame}/rendered': {
    /** A picture through a window, in a size of choice */
    get: {
      query: {
        /** Quality of JPEG and WebP, 1 to 100 (90) */
        quality?: string;
        /** Present: a placeholder is shown where the image cannot be */
        returnUnsupportedImage?: string;
        /** Middle of the window, instead of that of the image */
        'window-center'?: string;
        /** Width of the window, instead of that of the image */
        'window-width'?: string;
        /** Columns at most; the sides keep their proportion */
        width?: string;
        /** Rows at most */
        height?: string;
        /** Whether the image is smoothed before it is made smaller */
        smooth?: string;
      };
      reply: Response;
    };
  };
  '/instances/{id}/image-uint8': {
    /** A picture of the values, cut off at 0 and 255 */
    get: {
      query: {
        /** Quality of JPEG and WebP, 1 to 100 (90) */
        quality?: string;
        /** Present: a placeholder is shown where the image cannot be */
        returnUnsupportedImage?: string;
      };
      reply: Response;
    };
  };
  '/instances/{id}/frames/{frame}/image-uint8': {
    /** A picture of the values, cut off at 0 and 255 */
    get: {
      query: {
        /** Quality of JPEG and WebP, 1 to 100 (90) */
        quality?: string;
        /** Present: a placeholder is shown where the image cannot be */
        returnUnsupportedImage?: string;
      };
      reply: Response;
    };
  };
  '/instances/{id}/image-uint16': {
    /** A picture of the values, cut off at 0 and 65535 */
    get: {
      query: {
        /** Quality of JPEG and WebP, 1 to 100 (90) */
        quality?: string;
        /** Present: a placeholder is shown where the image cannot be */
        returnUnsupportedImage?: string;
      };
      reply: Response;
    };
  };
  '/instances/{id}/frames/{frame}/image-uint16': {
    /** A picture of the values, cut off at 0 and 65535 */
    get: {
      query: {
        /** Quality of JPEG and WebP, 1 to 100 (90) */
        quality?: string;
        /** Present: a placeholder is shown where the image cannot be */
        returnUnsupportedImage?: string;
      };
      reply: Response;
    };
  };
  '/instances/{id}/image-int16': {
    /** A picture of the values as two's complement of 16 bits */
    get: {
      query: {
        /** Quality of JPEG and WebP, 1 to 100 (90) */
        quality?: string;
        /** Present: a placeholder is shown where the image cannot be */
        returnUnsupportedImage?: string;
      };
      reply: Response;
    };
  };
  '/instances/{id}/frames/{frame}/image-int16': {
    /** A picture of the values as two's complement of 16 bits */
    get: {
      query: {
        /** Quality of JPEG and WebP, 1 to 100 (90) */
        quality?: string;
        /** Present: a placeholder is shown where the image cannot be */
        returnUnsupportedImage?: string;
      };
      reply: Response;
    };
  };
  '/instances/{id}/numpy': {
    /** All frames as an array of NumPy: frame, row, column, channel */
    get: {
      query: {
        /** As a ZIP archive (.npz) */
        compress?: boolean;
        /** Grey values with rescale slope and intercept, as floating-point numbers */
        rescale?: boolean;
      };
      reply: Response;
    };
  };
  '/instances/{id}/frames/{frame}/numpy': {
    /** A frame as an array of NumPy: row, column, channel */
    get: {
      query: {
        /** As a ZIP archive (.npz) */
        compress?: boolean;
        /** Grey values with rescale slope and intercept, as floating-point numbers */
        rescale?: boolean;
      };
      reply: Response;
    };
  };
  '/series/{id}/numpy': {
    /** All frames of a series in their order in space, as an array of NumPy: frame, row, column, channel */
    get: {
      query: {
        /** As a ZIP archive (.npz) */
        compress?: boolean;
        /** Grey values with rescale slope and intercept, as floating-point numbers */
        rescale?: boolean;
      };
      reply: Response;
    };
  };
  '/instances/{id}/matlab': {
    /** The first frame as a matrix for Matlab and Octave */
    get: {
      reply: string;
    };
  };
  '/instances/{id}/frames/{frame}/matlab': {
    /** A frame as a matrix for Matlab and Octave */
    get: {
      reply: string;
    };
  };
  '/patients/{id}/module': {
    /** Tags of the patient module of a patient */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
        /** Tags whose values are shown however long they are */
        'ignore-length'?: string;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/studies/{id}/module': {
    /** Tags of the study module of a study */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
        /** Tags whose values are shown however long they are */
        'ignore-length'?: string;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/studies/{id}/module-patient': {
    /** Tags of the patient module of a study */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
        /** Tags whose values are shown however long they are */
        'ignore-length'?: string;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/series/{id}/module': {
    /** Tags of the series module of a series */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
        /** Tags whose values are shown however long they are */
        'ignore-length'?: string;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/instances/{id}/module': {
    /** Tags of the instance module of a instance */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
        /** Tags whose values are shown however long they are */
        'ignore-length'?: string;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/patients/{id}/shared-tags': {
    /** Tags that have the same value in all instances of a patient */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/studies/{id}/shared-tags': {
    /** Tags that have the same value in all instances of a study */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/series/{id}/shared-tags': {
    /** Tags that have the same value in all instances of a series */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/patients/{id}/instances-tags': {
    /** Tags of each instance of a patient, by its identifier */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
        /** Tags whose values are shown however long they are */
        'ignore-length'?: string;
      };
      reply: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
  };
  '/studies/{id}/instances-tags': {
    /** Tags of each instance of a study, by its identifier */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
        /** Tags whose values are shown however long they are */
        'ignore-length'?: string;
      };
      reply: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
  };
  '/series/{id}/instances-tags': {
    /** Tags of each instance of a series, by its identifier */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
        /** Tags whose values are shown however long they are */
        'ignore-length'?: string;
      };
      reply: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
  };
  '/series/{id}/ordered-slices': {
    /** Instances and frames of a series in their order in space, or by their numbers */
    get: {
      reply: {
        Type: 'Volume' | 'Sequence';
        Dicom: ReadonlyArray<string>;
        Slices: ReadonlyArray<string>;
        SlicesShort: ReadonlyArray<ReadonlyArray<string | number>>;
      };
    };
  };
  '/patients/{id}/metadata': {
    /** Metadata of a patient: names, or values by name */
    get: {
      query: {
        /** Values by name instead of names */
        expand?: boolean;
        /** Numbers instead of names */
        numeric?: true;
      };
      reply: ReadonlyArray<string | number> | Readonly<Record<string, string>>;
    };
  };
  '/patients/{id}/metadata/{name}': {
    /** Value of a metadata of a patient */
    get: {
      reply: string;
    };
    /** Set a metadata of a patient to the body */
    put: {
      reply: string;
    };
    /** Delete a metadata of a patient */
    delete: {
      reply: string;
    };
  };
  '/studies/{id}/metadata': {
    /** Metadata of a study: names, or values by name */
    get: {
      query: {
        /** Values by name instead of names */
        expand?: boolean;
        /** Numbers instead of names */
        numeric?: true;
      };
      reply: ReadonlyArray<string | number> | Readonly<Record<string, string>>;
    };
  };
  '/studies/{id}/metadata/{name}': {
    /** Value of a metadata of a study */
    get: {
      reply: string;
    };
    /** Set a metadata of a study to the body */
    put: {
      reply: string;
    };
    /** Delete a metadata of a study */
    delete: {
      reply: string;
    };
  };
  '/series/{id}/metadata': {
    /** Metadata of a series: names, or values by name */
    get: {
      query: {
        /** Values by name instead of names */
        expand?: boolean;
        /** Numbers instead of names */
        numeric?: true;
      };
      reply: ReadonlyArray<string | number> | Readonly<Record<string, string>>;
    };
  };
  '/series/{id}/metadata/{name}': {
    /** Value of a metadata of a series */
    get: {
      reply: string;
    };
    /** Set a metadata of a series to the body */
    put: {
      reply: string;
    };
    /** Delete a metadata of a series */
    delete: {
      reply: string;
    };
  };
  '/instances/{id}/metadata': {
    /** Metadata of a instance: names, or values by name */
    get: {
      query: {
        /** Values by name instead of names */
        expand?: boolean;
        /** Numbers instead of names */
        numeric?: true;
      };
      reply: ReadonlyArray<string | number> | Readonly<Record<string, string>>;
    };
  };
  '/instances/{id}/metadata/{name}': {
    /** Value of a metadata of a instance */
    get: {
      reply: string;
    };
    /** Set a metadata of a instance to the body */
    put: {
      reply: string;
    };
    /** Delete a metadata of a instance */
    delete: {
      reply: string;
    };
  };
  '/patients/{id}/attachments': {
    /** Attachments of a patient: names, or numbers by name */
    get: {
      query: {
        /** Numbers by name instead of names */
        full?: true;
      };
      reply: ReadonlyArray<string> | Readonly<Record<string, number>>;
    };
  };
  '/patients/{id}/attachments/{name}': {
    /** Operations of an attachment of a patient */
    get: {
      reply: ReadonlyArray<string>;
    };
    /** Set an attachment of a patient to the body */
    put: {
      reply: Readonly<Record<string, unknown>>;
    };
    /** Delete an attachment of a patient */
    delete: {
      reply: string;
    };
  };
  '/patients/{id}/attachments/{name}/data': {
    /** Content of an attachment of a patient */
    get: {
      query: {
        /** Name in Content-Disposition instead of the UUID */
        filename?: string;
      };
      reply: Response;
    };
  };
  '/patients/{id}/attachments/{name}/compressed-data': {
    /** Content, as it is stored, of an attachment of a patient */
    get: {
      query: {
        /** Name in Content-Disposition instead of the UUID */
        filename?: string;
      };
      reply: Response;
    };
  };
  '/patients/{id}/attachments/{name}/info': {
    /** All facts of an attachment of a patient */
    get: {
      reply: GetPatientsIdAttachmentsNameInfoReply;
    };
  };
  '/patients/{id}/attachments/{name}/size': {
    /** Size of an attachment of a patient */
    get: {
      reply: string;
    };
  };
  '/patients/{id}/attachments/{name}/compressed-size': {
    /** Size, as it is stored, of an attachment of a patient */
    get: {
      reply: string;
    };
  };
  '/patients/{id}/attachments/{name}/md5': {
    /** MD5 of an attachment of a patient */
    get: {
      reply: string;
    };
  };
  '/patients/{id}/attachments/{name}/compressed-md5': {
    /** MD5, as it is stored, of an attachment of a patient */
    get: {
      reply: string;
    };
  };
  '/patients/{id}/attachments/{name}/is-compressed': {
    /** 1 or 0: compression of an attachment of a patient */
    get: {
      reply: string;
    };
  };
  '/studies/{id}/attachments': {
    /** Attachments of a study: names, or numbers by name */
    get: {
      query: {
        /** Numbers by name instead of names */
        full?: true;
      };
      reply: ReadonlyArray<string> | Readonly<Record<string, number>>;
    };
  };
  '/studies/{id}/attachments/{name}': {
    /** Operations of an attachment of a study */
    get: {
      reply: ReadonlyArray<string>;
    };
    /** Set an attachment of a study to the body */
    put: {
      reply: Readonly<Record<string, unknown>>;
    };
    /** Delete an attachment of a study */
    delete: {
      reply: string;
    };
  };
  '/studies/{id}/attachments/{name}/data': {
    /** Content of an attachment of a study */
    get: {
      query: {
        /** Name in Content-Disposition instead of the UUID */
        filename?: string;
      };
      reply: Response;
    };
  };
  '/studies/{id}/attachments/{name}/compressed-data': {
    /** Content, as it is stored, of an attachment of a study */
    get: {
      query: {
        /** Name in Content-Disposition instead of the UUID */
        filename?: string;
      };
      reply: Response;
    };
  };
  '/studies/{id}/attachments/{name}/info': {
    /** All facts of an attachment of a study */
    get: {
      reply: GetPatientsIdAttachmentsNameInfoReply;
    };
  };
  '/studies/{id}/attachments/{name}/size': {
    /** Size of an attachment of a study */
    get: {
      reply: string;
    };
  };
  '/studies/{id}/attachments/{name}/compressed-size': {
    /** Size, as it is stored, of an attachment of a study */
    get: {
      reply: string;
    };
  };
  '/studies/{id}/attachments/{name}/md5': {
    /** MD5 of an attachment of a study */
    get: {
      reply: string;
    };
  };
  '/studies/{id}/attachments/{name}/compressed-md5': {
    /** MD5, as it is stored, of an attachment of a study */
    get: {
      reply: string;
    };
  };
  '/studies/{id}/attachments/{name}/is-compressed': {
    /** 1 or 0: compression of an attachment of a study */
    get: {
      reply: string;
    };
  };
  '/series/{id}/attachments': {
    /** Attachments of a series: names, or numbers by name */
    get: {
      query: {
        /** Numbers by name instead of names */
        full?: true;
      };
      reply: ReadonlyArray<string> | Readonly<Record<string, number>>;
    };
  };
  '/series/{id}/attachments/{name}': {
    /** Operations of an attachment of a series */
    get: {
      reply: ReadonlyArray<string>;
    };
    /** Set an attachment of a series to the body */
    put: {
      reply: Readonly<Record<string, unknown>>;
    };
    /** Delete an attachment of a series */
    delete: {
      reply: string;
    };
  };
  '/series/{id}/attachments/{name}/data': {
    /** Content of an attachment of a series */
    get: {
      query: {
        /** Name in Content-Disposition instead of the UUID */
        filename?: string;
      };
      reply: Response;
    };
  };
  '/series/{id}/attachments/{name}/compressed-data': {
    /** Content, as it is stored, of an attachment of a series */
    get: {
      query: {
        /** Name in Content-Disposition instead of the UUID */
        filename?: string;
      };
      reply: Response;
    };
  };
  '/series/{id}/attachments/{name}/info': {
    /** All facts of an attachment of a series */
    get: {
      reply: GetPatientsIdAttachmentsNameInfoReply;
    };
  };
  '/series/{id}/attachments/{name}/size': {
    /** Size of an attachment of a series */
    get: {
      reply: string;
    };
  };
  '/series/{id}/attachments/{name}/compressed-size': {
    /** Size, as it is stored, of an attachment of a series */
    get: {
      reply: string;
    };
  };
  '/series/{id}/attachments/{name}/md5': {
    /** MD5 of an attachment of a series */
    get: {
      reply: string;
    };
  };
  '/series/{id}/attachments/{name}/compressed-md5': {
    /** MD5, as it is stored, of an attachment of a series */
    get: {
      reply: string;
    };
  };
  '/series/{id}/attachments/{name}/is-compressed': {
    /** 1 or 0: compression of an attachment of a series */
    get: {
      reply: string;
    };
  };
  '/instances/{id}/attachments': {
    /** Attachments of a instance: names, or numbers by name */
    get: {
      query: {
        /** Numbers by name instead of names */
        full?: true;
      };
      reply: ReadonlyArray<string> | Readonly<Record<string, number>>;
    };
  };
  '/instances/{id}/attachments/{name}': {
    /** Operations of an attachment of a instance */
    get: {
      reply: ReadonlyArray<string>;
    };
    /** Set an attachment of a instance to the body */
    put: {
      reply: Readonly<Record<string, unknown>>;
    };
    /** Delete an attachment of a instance */
    delete: {
      reply: string;
    };
  };
  '/instances/{id}/attachments/{name}/data': {
    /** Content of an attachment of a instance */
    get: {
      query: {
        /** Name in Content-Disposition instead of the UUID */
        filename?: string;
      };
      reply: Response;
    };
  };
  '/instances/{id}/attachments/{name}/compressed-data': {
    /** Content, as it is stored, of an attachment of a instance */
    get: {
      query: {
        /** Name in Content-Disposition instead of the UUID */
        filename?: string;
      };
      reply: Response;
    };
  };
  '/instances/{id}/attachments/{name}/info': {
    /** All facts of an attachment of a instance */
    get: {
      reply: GetPatientsIdAttachmentsNameInfoReply;
    };
  };
  '/instances/{id}/attachments/{name}/size': {
    /** Size of an attachment of a instance */
    get: {
      reply: string;
    };
  };
  '/instances/{id}/attachments/{name}/compressed-size': {
    /** Size, as it is stored, of an attachment of a instance */
    get: {
      reply: string;
    };
  };
  '/instances/{id}/attachments/{name}/md5': {
    /** MD5 of an attachment of a instance */
    get: {
      reply: string;
    };
  };
  '/instances/{id}/attachments/{name}/compressed-md5': {
    /** MD5, as it is stored, of an attachment of a instance */
    get: {
      reply: string;
    };
  };
  '/instances/{id}/attachments/{name}/is-compressed': {
    /** 1 or 0: compression of an attachment of a instance */
    get: {
      reply: string;
    };
  };
  '/patients/{id}/attachments/{name}/compress': {
    /** Store an attachment of a patient compressed */
    post: {
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/patients/{id}/attachments/{name}/uncompress': {
    /** Store an attachment of a patient uncompressed */
    post: {
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/patients/{id}/attachments/{name}/verify-md5': {
    /** Read an attachment of a patient and compare with its MD5 */
    post: {
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/studies/{id}/attachments/{name}/compress': {
    /** Store an attachment of a study compressed */
    post: {
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/studies/{id}/attachments/{name}/uncompress': {
    /** Store an attachment of a study uncompressed */
    post: {
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/studies/{id}/attachments/{name}/verify-md5': {
    /** Read an attachment of a study and compare with its MD5 */
    post: {
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/series/{id}/attachments/{name}/compress': {
    /** Store an attachment of a series compressed */
    post: {
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/series/{id}/attachments/{name}/uncompress': {
    /** Store an attachment of a series uncompressed */
    post: {
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/series/{id}/attachments/{name}/verify-md5': {
    /** Read an attachment of a series and compare with its MD5 */
    post: {
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/instances/{id}/attachments/{name}/compress': {
    /** Store an attachment of a instance compressed */
    post: {
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/instances/{id}/attachments/{name}/uncompress': {
    /** Store an attachment of a instance uncompressed */
    post: {
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/instances/{id}/attachments/{name}/verify-md5': {
    /** Read an attachment of a instance and compare with its MD5 */
    post: {
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/patients/{id}/reconstruct': {
    /** Read the files of a patient again, and put their tags into the index */
    post: {
      body: PostPatientsIdReconstructBody;
      reply: string;
    };
  };
  '/studies/{id}/reconstruct': {
    /** Read the files of a study again, and put their tags into the index */
    post: {
      body: PostPatientsIdReconstructBody;
      reply: string;
    };
  };
  '/series/{id}/reconstruct': {
    /** Read the files of a series again, and put their tags into the index */
    post: {
      body: PostPatientsIdReconstructBody;
      reply: string;
    };
  };
  '/instances/{id}/reconstruct': {
    /** Read the files of a instance again, and put their tags into the index */
    post: {
      body: PostPatientsIdReconstructBody;
      reply: string;
    };
  };
  '/tools/reconstruct': {
    /** Read all files again, and put their tags into the index */
    post: {
      body: {
        /** Store the files again as the settings are now */
        ReconstructFiles?: boolean;
      };
      reply: string;
    };
  };
  '/tools/invalidate-tags': {
    /** Delete all attachments of the type dicom-as-json */
    post: {
      reply: string;
    };
  };
  '/patients/{id}/labels': {
    /** Labels of a patient */
    get: {
      reply: ReadonlyArray<string>;
    };
  };
  '/patients/{id}/labels/{label}': {
    /** Whether a patient has a label: 404 where it has not */
    get: {
      reply: string;
    };
    /** Attach a label to a patient */
    put: {
      reply: string;
    };
    /** Detach a label from a patient */
    delete: {
      reply: string;
    };
  };
  '/studies/{id}/labels': {
    /** Labels of a study */
    get: {
      reply: ReadonlyArray<string>;
    };
  };
  '/studies/{id}/labels/{label}': {
    /** Whether a study has a label: 404 where it has not */
    get: {
      reply: string;
    };
    /** Attach a label to a study */
    put: {
      reply: string;
    };
    /** Detach a label from a study */
    delete: {
      reply: string;
    };
  };
  '/series/{id}/labels': {
    /** Labels of a series */
    get: {
      reply: ReadonlyArray<string>;
    };
  };
  '/series/{id}/labels/{label}': {
    /** Whether a series has a label: 404 where it has not */
    get: {
      reply: string;
    };
    /** Attach a label to a series */
    put: {
      reply: string;
    };
    /** Detach a label from a series */
    delete: {
      reply: string;
    };
  };
  '/instances/{id}/labels': {
    /** Labels of a instance */
    get: {
      reply: ReadonlyArray<string>;
    };
  };
  '/instances/{id}/labels/{label}': {
    /** Whether a instance has a label: 404 where it has not */
    get: {
      reply: string;
    };
    /** Attach a label to a instance */
    put: {
      reply: string;
    };
    /** Detach a label from a instance */
    delete: {
      reply: string;
    };
  };
  '/tools/labels': {
    /** All labels in use */
    get: {
      reply: ReadonlyArray<string>;
    };
  };
  '/tools/find': {
    /** Searches the stored resources */
    post: {
      body: {
        /** Patient, Study, Series or Instance */
        Level: string;
        /** Tag: value, with lists a\b, wildcards * ?, ranges a-b */
        Query: Readonly<Record<string, string>>;
        MetadataQuery?: Readonly<Record<string, string>>;
        Labels?: ReadonlyArray<string>;
        /** All (default), Any or None */
        LabelsConstraint?: string;
        ParentPatient?: string;
        ParentStudy?: string;
        ParentSeries?: string;
        CaseSensitive?: boolean;
        Expand?: boolean;
        ResponseContent?: ReadonlyArray<string>;
        RequestedTags?: ReadonlyArray<string>;
        OrderBy?: ReadonlyArray<{
          Type: string;
          Key: string;
          Direction: string;
        }>;
        Since?: number;
        Limit?: number;
        Full?: boolean;
        Short?: boolean;
        Simplify?: boolean;
      };
      reply: ReadonlyArray<string> | ReadonlyArray<GetPatientsReply>;
    };
  };
  '/tools/count-resources': {
    /** Counts the stored resources that a search would find */
    post: {
      body: {
        /** Patient, Study, Series or Instance */
        Level: string;
        /** Tag: value, with lists a\b, wildcards * ?, ranges a-b */
        Query: Readonly<Record<string, string>>;
        MetadataQuery?: Readonly<Record<string, string>>;
        Labels?: ReadonlyArray<string>;
        /** All (default), Any or None */
        LabelsConstraint?: string;
        ParentPatient?: string;
        ParentStudy?: string;
        ParentSeries?: string;
      };
      reply: {
        Count: number;
      };
    };
  };
  '/tools/lookup': {
    /** Resources with this PatientID, StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID */
    post: {
      reply: ReadonlyArray<DeletePatientsIdReply2>;
    };
  };
  '/tools/bulk-content': {
    /** Full information about many resources, or about those of a level above or below them */
    post: {
      body: {
        Resources: ReadonlyArray<string>;
        Level?: string;
        Metadata?: boolean;
        Full?: boolean;
        Short?: boolean;
        Simplify?: boolean;
      };
      reply: ReadonlyArray<GetPatientsReply>;
    };
  };
  '/patients/{id}/archive': {
    /** ZIP archive of the instances */
    get: {
      query: {
        /** Name in Content-Disposition */
        filename?: string;
        /** UID of the transfer syntax to have the files in */
        transcode?: string;
        /** Quality where the transfer syntax is lossy */
        'lossy-quality'?: number;
        /** Of media: descriptions of series in the directory */
        extended?: true;
      };
      reply: Response;
    };
    /** ZIP archive of the instances, at once or as a job */
    post: {
      body: PostPatientsIdArchiveBody;
      reply: Response;
    };
  };
  '/patients/{id}/media': {
    /** ZIP archive with a DICOMDIR of the instances */
    get: {
      query: {
        /** Name in Content-Disposition */
        filename?: string;
        /** UID of the transfer syntax to have the files in */
        transcode?: string;
        /** Quality where the transfer syntax is lossy */
        'lossy-quality'?: number;
        /** Of media: descriptions of series in the directory */
        extended?: true;
      };
      reply: Response;
    };
    /** ZIP archive with a DICOMDIR of the instances, at once or as a job */
    post: {
      body: PostPatientsIdMediaBody;
      reply: Response;
    };
  };
  '/studies/{id}/archive': {
    /** ZIP archive of the instances */
    get: {
      query: {
        /** Name in Content-Disposition */
        filename?: string;
        /** UID of the transfer syntax to have the files in */
        transcode?: string;
        /** Quality where the transfer syntax is lossy */
        'lossy-quality'?: number;
        /** Of media: descriptions of series in the directory */
        extended?: true;
      };
      reply: Response;
    };
    /** ZIP archive of the instances, at once or as a job */
    post: {
      body: PostPatientsIdArchiveBody;
      reply: Response;
    };
  };
  '/studies/{id}/media': {
    /** ZIP archive with a DICOMDIR of the instances */
    get: {
      query: {
        /** Name in Content-Disposition */
        filename?: string;
        /** UID of the transfer syntax to have the files in */
        transcode?: string;
        /** Quality where the transfer syntax is lossy */
        'lossy-quality'?: number;
        /** Of media: descriptions of series in the directory */
        extended?: true;
      };
      reply: Response;
    };
    /** ZIP archive with a DICOMDIR of the instances, at once or as a job */
    post: {
      body: PostPatientsIdMediaBody;
      reply: Response;
    };
  };
  '/series/{id}/archive': {
    /** ZIP archive of the instances */
    get: {
      query: {
        /** Name in Content-Disposition */
        filename?: string;
        /** UID of the transfer syntax to have the files in */
        transcode?: string;
        /** Quality where the transfer syntax is lossy */
        'lossy-quality'?: number;
        /** Of media: descriptions of series in the directory */
        extended?: true;
      };
      reply: Response;
    };
    /** ZIP archive of the instances, at once or as a job */
    post: {
      body: PostPatientsIdArchiveBody;
      reply: Response;
    };
  };
  '/series/{id}/media': {
    /** ZIP archive with a DICOMDIR of the instances */
    get: {
      query: {
        /** Name in Content-Disposition */
        filename?: string;
        /** UID of the transfer syntax to have the files in */
        transcode?: string;
        /** Quality where the transfer syntax is lossy */
        'lossy-quality'?: number;
        /** Of media: descriptions of series in the directory */
        extended?: true;
      };
      reply: Response;
    };
    /** ZIP archive with a DICOMDIR of the instances, at once or as a job */
    post: {
      body: PostPatientsIdMediaBody;
      reply: Response;
    };
  };
  '/tools/create-archive': {
    /** ZIP archive of several resources */
    get: {
      query: {
        /** Name in Content-Disposition */
        filename?: string;
        /** UID of the transfer syntax to have the files in */
        transcode?: string;
        /** Quality where the transfer syntax is lossy */
        'lossy-quality'?: number;
        /** Identifiers, separated by commas */
        resources?: string;
      };
      reply: Response;
    };
    /** ZIP archive of several resources, at once or as a job */
    post: {
      body: PostToolsCreateArchiveBody;
      reply: Response;
    };
  };
  '/tools/create-media': {
    /** ZIP archive with a DICOMDIR of several resources */
    get: {
      query: {
        /** Name in Content-Disposition */
        filename?: string;
        /** UID of the transfer syntax to have the files in */
        transcode?: string;
        /** Quality where the transfer syntax is lossy */
        'lossy-quality'?: number;
        /** Identifiers, separated by commas */
        resources?: string;
      };
      reply: Response;
    };
    /** ZIP archive with a DICOMDIR of several resources, at once or as a job */
    post: {
      body: PostToolsCreateArchiveBody;
      reply: Response;
    };
  };
  '/tools/create-media-extended': {
    /** ZIP archive with a DICOMDIR that has descriptions of several resources */
    get: {
      query: {
        /** Name in Content-Disposition */
        filename?: string;
        /** UID of the transfer syntax to have the files in */
        transcode?: string;
        /** Quality where the transfer syntax is lossy */
        'lossy-quality'?: number;
        /** Identifiers, separated by commas */
        resources?: string;
      };
      reply: Response;
    };
    /** ZIP archive with a DICOMDIR that has descriptions of several resources, at once or as a job */
    post: {
      body: PostToolsCreateArchiveBody;
      reply: Response;
    };
  };
  '/patients/{id}/modify': {
    /** Job: a modified copy, stored here */
    post: {
      body: PostPatientsIdModifyBody;
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/studies/{id}/modify': {
    /** Job: a modified copy, stored here */
    post: {
      body: PostPatientsIdModifyBody;
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/series/{id}/modify': {
    /** Job: a modified copy, stored here */
    post: {
      body: PostPatientsIdModifyBody;
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/instances/{id}/modify': {
    /** A modified copy, which is not stored */
    post: {
      body: {
        Replace?: Readonly<Record<string, unknown>>;
        Remove?: ReadonlyArray<string>;
        Keep?: ReadonlyArray<string>;
        Force?: boolean;
        KeepSource?: boolean;
        KeepLabels?: boolean;
        PrivateCreator?: string;
        Transcode?: string;
        LossyQuality?: number;
        RemovePrivateTags?: boolean;
      };
      reply: Response;
    };
  };
  '/tools/bulk-modify': {
    /** Job: modified copies of several resources, stored here */
    post: {
      body: {
        /** Whether the answer waits for the end of the job */
        Synchronous?: boolean;
        /** The contrary of Synchronous, which outranks it */
        Asynchronous?: boolean;
        /** Higher goes first */
        Priority?: number;
        /** Whether the job goes on after a step that failed */
        Permissive?: boolean;
        UserData?: unknown;
        Replace?: Readonly<Record<string, unknown>>;
        Remove?: ReadonlyArray<string>;
        Keep?: ReadonlyArray<string>;
        Force?: boolean;
        KeepSource?: boolean;
        KeepLabels?: boolean;
        PrivateCreator?: string;
        Transcode?: string;
        LossyQuality?: number;
        RemovePrivateTags?: boolean;
        Resources: ReadonlyArray<string>;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/patients/{id}/anonymize': {
    /** Job: a anonymized copy, stored here */
    post: {
      body: PostPatientsIdAnonymizeBody;
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/studies/{id}/anonymize': {
    /** Job: a anonymized copy, stored here */
    post: {
      body: PostPatientsIdAnonymizeBody;
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/series/{id}/anonymize': {
    /** Job: a anonymized copy, stored here */
    post: {
      body: PostPatientsIdAnonymizeBody;
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/instances/{id}/anonymize': {
    /** A anonymized copy, which is not stored */
    post: {
      body: {
        Replace?: Readonly<Record<string, unknown>>;
        Remove?: ReadonlyArray<string>;
        Keep?: ReadonlyArray<string>;
        Force?: boolean;
        KeepSource?: boolean;
        KeepLabels?: boolean;
        PrivateCreator?: string;
        Transcode?: string;
        LossyQuality?: number;
        KeepPrivateTags?: boolean;
        DicomVersion?: string;
        Options?: ReadonlyArray<string>;
      };
      reply: Response;
    };
  };
  '/tools/bulk-anonymize': {
    /** Job: anonymized copies of several resources, stored here */
    post: {
      body: {
        /** Whether the answer waits for the end of the job */
        Synchronous?: boolean;
        /** The contrary of Synchronous, which outranks it */
        Asynchronous?: boolean;
        /** Higher goes first */
        Priority?: number;
        /** Whether the job goes on after a step that failed */
        Permissive?: boolean;
        UserData?: unknown;
        Replace?: Readonly<Record<string, unknown>>;
        Remove?: ReadonlyArray<string>;
        Keep?: ReadonlyArray<string>;
        Force?: boolean;
        KeepSource?: boolean;
        KeepLabels?: boolean;
        PrivateCreator?: string;
        Transcode?: string;
        LossyQuality?: number;
        KeepPrivateTags?: boolean;
        DicomVersion?: string;
        Options?: ReadonlyArray<string>;
        Resources: ReadonlyArray<string>;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/studies/{id}/split': {
    /** Job: series and instances of the study become a study of their own */
    post: {
      body: {
        /** Whether the answer waits for the end of the job */
        Synchronous?: boolean;
        /** The contrary of Synchronous, which outranks it */
        Asynchronous?: boolean;
        /** Higher goes first */
        Priority?: number;
        /** Whether the job goes on after a step that failed */
        Permissive?: boolean;
        UserData?: unknown;
        Series?: ReadonlyArray<string>;
        Instances?: ReadonlyArray<string>;
        Replace?: Readonly<Record<string, unknown>>;
        Remove?: ReadonlyArray<string>;
        KeepSource?: boolean;
        KeepLabels?: boolean;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/studies/{id}/merge': {
    /** Job: studies, series and instances become part of the study */
    post: {
      body: {
        /** Whether the answer waits for the end of the job */
        Synchronous?: boolean;
        /** The contrary of Synchronous, which outranks it */
        Asynchronous?: boolean;
        /** Higher goes first */
        Priority?: number;
        /** Whether the job goes on after a step that failed */
        Permissive?: boolean;
        UserData?: unknown;
        Resources: ReadonlyArray<string>;
        KeepSource?: boolean;
        KeepLabels?: boolean;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/tools/create-dicom': {
    /** Makes an instance of tags and of a picture, document or model; or a series of several pictures */
    post: {
      body: {
        Tags: Readonly<Record<string, unknown>>;
        Content?: string | ReadonlyArray<unknown>;
        Parent?: string;
        InterpretBinaryTags?: boolean;
        PrivateCreator?: string;
        Force?: boolean;
        Encapsulate?: boolean;
      };
      reply: {
        ID: string;
        Path: string;
        Status: string;
      };
    };
  };
  '/tools/bulk-delete': {
    /** Deletes many resources; those that are not there are passed over */
    post: {
      body: {
        Resources: ReadonlyArray<string | {
          Level: string;
          ID: string;
        }>;
      };
      reply: string;
    };
  };
  '/changes': {
    /** Log of changes */
    get: {
      query: {
        /** After this number */
        since?: string;
        /** At most so many, 100 unless told otherwise */
        limit?: string;
        /** Only the last one */
        last?: true;
        /** Up to this number */
        to?: string;
        /** Types of change, or All */
        type?: string;
      };
      reply: {
        Changes: ReadonlyArray<{
          Seq: number;
          /** UTC, YYYYMMDDTHHMMSS */
          Date: string;
          ID: string;
          Path: string;
          ResourceType: 'Patient' | 'Study' | 'Series' | 'Instance';
          ChangeType: string;
        }>;
        Done: boolean;
        First?: number;
        Last: number;
      };
    };
    /** Empties the log of changes */
    delete: {
      reply: string;
    };
  };
  '/exports': {
    /** Log of exports to remote modalities */
    get: {
      query: {
        /** After this number */
        since?: string;
        /** At most so many, 100 unless told otherwise */
        limit?: string;
        /** Only the last one */
        last?: true;
      };
      reply: {
        Exports: ReadonlyArray<{
          Seq: number;
          /** UTC, YYYYMMDDTHHMMSS */
          Date: string;
          ID: string;
          Path: string;
          ResourceType: 'Patient' | 'Study' | 'Series' | 'Instance';
          RemoteModality: string;
          PatientID: string;
          StudyInstanceUID?: string;
          SeriesInstanceUID?: string;
          SOPInstanceUID?: string;
        }>;
        Done: boolean;
        First?: number;
        Last: number;
      };
    };
    /** Empties the log of exports */
    delete: {
      reply: string;
    };
  };
  '/statistics': {
    /** How much is stored */
    get: {
      reply: Readonly<Record<string, string | number>>;
    };
  };
  '/patients/{id}/statistics': {
    /** How much is stored of a resource and below it */
    get: {
      reply: Readonly<Record<string, string | number>>;
    };
  };
  '/studies/{id}/statistics': {
    /** How much is stored of a resource and below it */
    get: {
      reply: Readonly<Record<string, string | number>>;
    };
  };
  '/series/{id}/statistics': {
    /** How much is stored of a resource and below it */
    get: {
      reply: Readonly<Record<string, string | number>>;
    };
  };
  '/instances/{id}/statistics': {
    /** How much is stored of a resource and below it */
    get: {
      reply: Readonly<Record<string, string | number>>;
    };
  };
  '/tools': {
    /** Names of the tools */
    get: {
      reply: ReadonlyArray<string>;
    };
  };
  '/tools/now': {
    /** Time of the server, UTC, YYYYMMDDTHHMMSS */
    get: {
      reply: string;
    };
  };
  '/tools/now-local': {
    /** Local time of the server, YYYYMMDDTHHMMSS */
    get: {
      reply: string;
    };
  };
  '/tools/generate-uid': {
    /** A new identifier */
    get: {
      query: {
        /** patient, study, series or instance */
        level?: string;
      };
      reply: string;
    };
  };
  '/tools/dicom-conformance': {
    /** What this server can do as a DICOM application entity */
    get: {
      reply: string;
    };
  };
  '/tools/default-encoding': {
    /** Character set of data sets that name none */
    get: {
      reply: string;
    };
    /** Changes it until the next restart */
    put: {
      reply: string;
    };
  };
  '/tools/accepted-transfer-syntaxes': {
    /** Transfer syntaxes accepted for C-STORE */
    get: {
      reply: ReadonlyArray<string>;
    };
    /** Changes them until the next restart */
    put: {
      body: ReadonlyArray<string>;
      reply: ReadonlyArray<string>;
    };
  };
  '/tools/accepted-sop-classes': {
    /** SOP classes accepted for C-STORE */
    get: {
      reply: ReadonlyArray<string>;
    };
  };
  '/tools/unknown-sop-class-accepted': {
    /** Whether unknown SOP classes are accepted for C-STORE: 1 or 0 */
    get: {
      reply: string;
    };
    /** Changes it until the next restart */
    put: {
      reply: string;
    };
  };
  '/tools/reset': {
    /** Restarts the server with its configuration read again */
    post: {
      reply: unknown;
    };
  };
  '/tools/shutdown': {
    /** Ends the server when requests in flight are done */
    post: {
      reply: unknown;
    };
  };
  '/tools/execute-script': {
    /** Runs a Lua script and answers with what it prints, where ExecuteLuaEnabled is on */
    post: {
      reply: string;
    };
  };
  '/tools/log-level': {
    /** How much is logged: default, verbose or trace */
    get: {
      reply: string;
    };
    /** Changes it for all categories */
    put: {
      reply: string;
    };
  };
  '/tools/log-level-generic': {
    /** How much is logged of category generic */
    get: {
      reply: string;
    };
    /** Changes it for category generic */
    put: {
      reply: string;
    };
  };
  '/tools/log-level-plugins': {
    /** How much is logged of category plugins */
    get: {
      reply: string;
    };
    /** Changes it for category plugins */
    put: {
      reply: string;
    };
  };
  '/tools/log-level-http': {
    /** How much is logged of category http */
    get: {
      reply: string;
    };
    /** Changes it for category http */
    put: {
      reply: string;
    };
  };
  '/tools/log-level-dicom': {
    /** How much is logged of category dicom */
    get: {
      reply: string;
    };
    /** Changes it for category dicom */
    put: {
      reply: string;
    };
  };
  '/tools/log-level-sqlite': {
    /** How much is logged of category sqlite */
    get: {
      reply: string;
    };
    /** Changes it for category sqlite */
    put: {
      reply: string;
    };
  };
  '/tools/log-level-jobs': {
    /** How much is logged of category jobs */
    get: {
      reply: string;
    };
    /** Changes it for category jobs */
    put: {
      reply: string;
    };
  };
  '/tools/log-level-lua': {
    /** How much is logged of category lua */
    get: {
      reply: string;
    };
    /** Changes it for category lua */
    put: {
      reply: string;
    };
  };
  '/tools/metrics': {
    /** Whether figures are collected: 1 or 0 */
    get: {
      reply: string;
    };
    /** Switches it */
    put: {
      reply: string;
    };
  };
  '/tools/metrics-prometheus': {
    /** The figures in the text format of Prometheus */
    get: {
      reply: string;
    };
  };
  '/modalities': {
    /** Names of the modalities */
    get: {
      query: {
        /** With their configurations */
        expand?: boolean;
      };
      reply: ReadonlyArray<string>;
    };
  };
  '/modalities/{id}': {
    /** What can be asked of a modality */
    get: {
      reply: ReadonlyArray<string>;
    };
    /** Registers a modality: [AET, host, port, manufacturer] or an object */
    put: {
      body: PutModalitiesIdBody;
      reply: string;
    };
    /** Forgets a modality */
    delete: {
      reply: string;
    };
  };
  '/modalities/{id}/configuration': {
    /** The configuration of a modality */
    get: {
      reply: PutModalitiesIdBody;
    };
  };
  '/modalities/{id}/echo': {
    /** C-ECHO */
    post: {
      body: {
        CheckFind?: boolean;
        Timeout?: number;
      };
      reply: unknown;
    };
  };
  '/tools/dicom-echo': {
    /** C-ECHO to a modality that the body describes */
    post: {
      body: PutModalitiesIdBody;
      reply: unknown;
    };
  };
  '/modalities/{id}/store': {
    /** C-STORE of resources to a modality, as a job: an identifier, an array, or an object with Resources */
    post: {
      body: {
        /** Whether the answer waits for the end of the job */
        Synchronous?: boolean;
        /** The contrary of Synchronous, which outranks it */
        Asynchronous?: boolean;
        /** Higher goes first */
        Priority?: number;
        /** Whether the job goes on after a step that failed */
        Permissive?: boolean;
        UserData?: unknown;
        Resources: ReadonlyArray<string>;
        CalledAet?: string;
        Host?: string;
        LocalAet?: string;
        MoveOriginatorAet?: string;
        MoveOriginatorID?: number;
        Port?: number;
        StorageCommitment?: boolean;
        Timeout?: number;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/modalities/{id}/store-straight': {
    /** C-STORE of the DICOM file in the body, which is not kept here */
    post: {
      reply: PostModalitiesIdStoreStraightReply;
    };
  };
  '/modalities/{id}/find-patient': {
    /** C-FIND of patients by a JSON object {tag: value}; deprecated, see /modalities/{id}/query */
    post: {
      body: Readonly<Record<string, string>>;
      reply: ReadonlyArray<Readonly<Record<string, unknown>>>;
    };
  };
  '/modalities/{id}/find-study': {
    /** C-FIND of studies by a JSON object {tag: value}; deprecated, see /modalities/{id}/query */
    post: {
      body: Readonly<Record<string, string>>;
      reply: ReadonlyArray<Readonly<Record<string, unknown>>>;
    };
  };
  '/modalities/{id}/find-series': {
    /** C-FIND of series by a JSON object {tag: value}; deprecated, see /modalities/{id}/query */
    post: {
      body: Readonly<Record<string, string>>;
      reply: ReadonlyArray<Readonly<Record<string, unknown>>>;
    };
  };
  '/modalities/{id}/find-instance': {
    /** C-FIND of instances by a JSON object {tag: value}; deprecated, see /modalities/{id}/query */
    post: {
      body: Readonly<Record<string, string>>;
      reply: ReadonlyArray<Readonly<Record<string, unknown>>>;
    };
  };
  '/modalities/{id}/find': {
    /** C-FIND of patients, of their studies and of the series of these; deprecated, see /modalities/{id}/query */
    post: {
      body: Readonly<Record<string, string>>;
      reply: ReadonlyArray<Readonly<Record<string, unknown>>>;
    };
  };
  '/modalities/{id}/find-worklist': {
    /** C-FIND of a modality worklist by nested keys; sequences are arrays of objects */
    post: {
      body: {
        Query?: Readonly<Record<string, unknown>>;
        Full?: boolean;
        Short?: boolean;
      };
      reply: ReadonlyArray<Readonly<Record<string, unknown>>>;
    };
  };
  '/modalities/{id}/query': {
    /** C-FIND whose answers are kept: see /queries */
    post: {
      body: {
        /** Patient, Study, Series or Instance */
        Level: string;
        Query?: Readonly<Record<string, string>>;
        /** Leave out keys that do not belong to the level (true) */
        Normalize?: boolean;
        LocalAet?: string;
        Timeout?: number;
      };
      reply: {
        ID: string;
        Path: string;
      };
    };
  };
  '/modalities/{id}/move': {
    /** C-MOVE of resources that are named by their identifiers */
    post: {
      body: {
        Level: string;
        Resources: ReadonlyArray<Readonly<Record<string, string>>>;
        TargetAet?: string;
        LocalAet?: string;
        Timeout?: number;
        /** Whether the answer waits for the end of the job */
        Synchronous?: boolean;
        /** The contrary of Synchronous, which outranks it */
        Asynchronous?: boolean;
        /** Higher goes first */
        Priority?: number;
        /** Whether the job goes on after a step that failed */
        Permissive?: boolean;
        UserData?: unknown;
        Full?: boolean;
        Simplify?: boolean;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/modalities/{id}/get': {
    /** C-GET of resources that are named by their identifiers */
    post: {
      body: {
        Level: string;
        Resources: ReadonlyArray<Readonly<Record<string, string>>>;
        LocalAet?: string;
        Timeout?: number;
        /** Whether the answer waits for the end of the job */
        Synchronous?: boolean;
        /** The contrary of Synchronous, which outranks it */
        Asynchronous?: boolean;
        /** Higher goes first */
        Priority?: number;
        /** Whether the job goes on after a step that failed */
        Permissive?: boolean;
        UserData?: unknown;
        Full?: boolean;
        Simplify?: boolean;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/queries': {
    /** Identifiers of the queries that are kept */
    get: {
      reply: ReadonlyArray<string>;
    };
  };
  '/queries/{id}': {
    /** What can be asked of a query */
    get: {
      reply: ReadonlyArray<string>;
    };
    /** Forgets a query */
    delete: {
      reply: string;
    };
  };
  '/queries/{id}/level': {
    /** Level of a query: Patient, Study, Series or Instance */
    get: {
      reply: string;
    };
  };
  '/queries/{id}/modality': {
    /** Name of the modality that was asked */
    get: {
      reply: string;
    };
  };
  '/queries/{id}/query': {
    /** The keys of a query as they were given */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/queries/{id}/answers': {
    /** Indices of the answers, or the answers */
    get: {
      query: {
        /** The answers themselves */
        expand?: boolean;
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
      };
      reply: ReadonlyArray<string> | ReadonlyArray<Readonly<Record<string, unknown>>>;
    };
  };
  '/queries/{id}/answers/{index}': {
    /** What can be asked of an answer */
    get: {
      reply: ReadonlyArray<string>;
    };
  };
  '/queries/{id}/answers/{index}/content': {
    /** Tags of an answer */
    get: {
      query: {
        /** Tags as {name: value} */
        simplify?: true;
        /** Tags as {tag: value} */
        short?: true;
        /** Tags as {tag: {Name, Type, Value}}, the default */
        full?: true;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/queries/{id}/answers/{index}/query-studies': {
    /** C-FIND of what is below an answer: studies */
    post: {
      body: PostQueriesIdAnswersIndexQueryStudiesBody;
      reply: {
        ID: string;
        Path: string;
      };
    };
  };
  '/queries/{id}/answers/{index}/query-series': {
    /** C-FIND of what is below an answer: series */
    post: {
      body: PostQueriesIdAnswersIndexQueryStudiesBody;
      reply: {
        ID: string;
        Path: string;
      };
    };
  };
  '/queries/{id}/answers/{index}/query-instances': {
    /** C-FIND of what is below an answer: instances */
    post: {
      body: PostQueriesIdAnswersIndexQueryStudiesBody;
      reply: {
        ID: string;
        Path: string;
      };
    };
  };
  '/queries/{id}/retrieve': {
    /** Retrieves all answers: options as JSON, or the target as bare text */
    post: {
      body: PostQueriesIdRetrieveBody;
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/queries/{id}/answers/{index}/retrieve': {
    /** Retrieves one answer: options as JSON, or the target as bare text */
    post: {
      body: PostQueriesIdRetrieveBody;
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/peers': {
    /** Names of the peers */
    get: {
      query: {
        /** With their configurations, without secrets */
        expand?: boolean;
      };
      reply: ReadonlyArray<string>;
    };
  };
  '/peers/{id}': {
    /** What can be asked of a peer */
    get: {
      reply: ReadonlyArray<string>;
    };
    /** Registers a peer: [url, user, password] or an object */
    put: {
      body: {
        Url: string;
        Username?: string;
      };
      reply: string;
    };
    /** Forgets a peer */
    delete: {
      reply: string;
    };
  };
  '/peers/{id}/configuration': {
    /** The configuration of a peer, without secrets */
    get: {
      reply: {
        Url: string;
        Username?: string;
      };
    };
  };
  '/peers/{id}/store': {
    /** Sends resources to a peer, as a job: an identifier, an array, or an object with Resources */
    post: {
      body: {
        /** Whether the answer waits for the end of the job */
        Synchronous?: boolean;
        /** The contrary of Synchronous, which outranks it */
        Asynchronous?: boolean;
        /** Higher goes first */
        Priority?: number;
        /** Whether the job goes on after a step that failed */
        Permissive?: boolean;
        UserData?: unknown;
        Resources: ReadonlyArray<string>;
        /** Whether files go compressed by gzip */
        Compress?: boolean;
        /** Transfer syntax */
        Transcode?: string;
      };
      reply: Readonly<Record<string, unknown>>;
    };
  };
  '/peers/{id}/store-straight': {
    /** Sends the DICOM file in the body to a peer; it is not kept here */
    post: {
      reply: unknown;
    };
  };
  '/peers/{id}/system': {
    /** What a peer says of itself */
    get: {
      reply: unknown;
    };
  };
  '/jobs': {
    /** Identifiers of the jobs */
    get: {
      query: {
        /** The jobs themselves */
        expand?: boolean;
      };
      reply: ReadonlyArray<string> | ReadonlyArray<GetJobsReply>;
    };
  };
  '/jobs/{id}': {
    /** A job */
    get: {
      reply: GetJobsReply;
    };
    /** Forgets a completed job and its outputs */
    delete: {
      reply: string;
    };
  };
  '/jobs/{id}/cancel': {
    /** Ends a job as a failure */
    post: {
      reply: unknown;
    };
  };
  '/jobs/{id}/pause': {
    /** Pauses a job, at once or after its current step */
    post: {
      reply: unknown;
    };
  };
  '/jobs/{id}/resume': {
    /** Lets a paused job go on */
    post: {
      reply: unknown;
    };
  };
  '/jobs/{id}/resubmit': {
    /** Begins a failed job again */
    post: {
      reply: unknown;
    };
  };
  '/jobs/{id}/{key}': {
    /** An output of a job that has succeeded, such as its archive */
    get: {
      reply: Response;
    };
    /** Removes an output of a job */
    delete: {
      reply: string;
    };
  };
  '/worklists': {
    /** All entries of the worklist, with their tags */
    get: {
      query: {
        /** Simplify (unless given), Short or Full */
        format?: string;
      };
      reply: ReadonlyArray<{
        ID: string;
        Tags: Readonly<Record<string, unknown>>;
      }>;
    };
  };
  '/worklists/create': {
    /** Makes an entry of the worklist; sequences are arrays of objects */
    post: {
      body: {
        Tags: Readonly<Record<string, unknown>>;
      };
      reply: {
        ID: string;
        Path: string;
      };
    };
  };
  '/worklists/{id}': {
    /** The tags of an entry */
    get: {
      query: {
        /** Simplify (unless given), Short or Full */
        format?: string;
      };
      reply: Readonly<Record<string, unknown>>;
    };
    /** Replaces the tags of an entry */
    put: {
      body: {
        Tags: Readonly<Record<string, unknown>>;
      };
      reply: {
        ID: string;
        Path: string;
      };
    };
    /** Removes an entry */
    delete: {
      reply: unknown;
    };
  };
  '/modalities/{id}/storage-commitment': {
    /** Asks a modality to commit itself to the storage of instances */
    post: {
      body: {
        Resources?: ReadonlyArray<string>;
        DicomInstances?: ReadonlyArray<unknown>;
        Timeout?: number;
      };
      reply: {
        ID: string;
        Path: string;
      };
    };
  };
  '/storage-commitment/{id}': {
    /** What became of a storage commitment */
    get: {
      reply: {
        Status: string;
        RemoteAET: string;
        Success?: ReadonlyArray<PostModalitiesIdStoreStraightReply>;
        Failures?: ReadonlyArray<PostModalitiesIdStoreStraightReply>;
      };
    };
  };
  '/storage-commitment/{id}/remove': {
    /** Deletes the instances for which a modality has taken over the responsibility */
    post: {
      reply: unknown;
    };
  };
  '/plugins': {
    /** Names of the plug-ins */
    get: {
      reply: ReadonlyArray<string>;
    };
  };
  '/plugins/explorer.js': {
    /** Extensions of the web page by plug-ins */
    get: {
      reply: Response;
    };
  };
  '/plugins/{id}': {
    /** What a plug-in is */
    get: {
      reply: {
        ID: string;
        Version: string;
        Description: string;
        ExtendsOrthancExplorer: boolean;
      };
    };
  };
  '/': {
    /** Goes on to the web page */
    get: {
      reply: string;
    };
  };
  '/favicon.ico': {
    /** The icon of the web page */
    get: {
      reply: Response;
    };
  };
  '/app/{rest}': {
    /** Files of the web page */
    get: {
      reply: string;
    };
  };
  '/webdav/{rest}': {
    /** A file of the WebDAV tree */
    get: {
      reply: Response;
    };
    /** Store a DICOM file or a ZIP archive */
    put: {
      reply: string;
    };
    /** Delete what is shown there */
    delete: {
      reply: string;
    };
  };
  '/openapi.json': {
    /** This document */
    get: {
      reply: unknown;
    };
  };
}
