// The schema of the index and how it came to be: a numbered list of migrations, applied in order, never edited once released.
// One counter gives keys and Seq: the key of a resource is the Seq of its New... change, which therefore needs no row of its
// own, and tells the order of creation. What is looked up by has an index to itself.

/** `slot` of attachments and metadata: key of the resource * 65536 + type. */
export const slotsOfResource = 65536;

const first = `
-- Narrow rows by level: what joins, counts, listings and the change log read. \`made\` is the date of the New... change. Dates are
-- numbers, YYYYMMDDHHMMSS; UUIDs and MD5 are bytes; text that is not of their form stays text, hence not STRICT.
CREATE TABLE patient (key INTEGER PRIMARY KEY, id BLOB NOT NULL, made INTEGER NOT NULL);
CREATE TABLE study (key INTEGER PRIMARY KEY, id BLOB NOT NULL, made INTEGER NOT NULL, parent INTEGER NOT NULL);
CREATE TABLE series (key INTEGER PRIMARY KEY, id BLOB NOT NULL, made INTEGER NOT NULL, parent INTEGER NOT NULL);
-- The file of an instance (attachment 1) lives in its row.
CREATE TABLE instance (
  key INTEGER PRIMARY KEY, id BLOB NOT NULL, made INTEGER NOT NULL, parent INTEGER NOT NULL,
  uuid BLOB, compression INTEGER, size INTEGER, stored INTEGER, md5 BLOB, stored_md5 BLOB, revision INTEGER
);
CREATE INDEX study_parent ON study(parent);
CREATE INDEX series_parent ON series(parent);
CREATE INDEX instance_parent ON instance(parent);
CREATE TABLE resource_id (id BLOB PRIMARY KEY, key INTEGER NOT NULL, level INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Wide rows: main DICOM tags as JSON, system metadata as JSON; what many resources share is kept once, in profile.
CREATE TABLE detail (key INTEGER PRIMARY KEY, tags TEXT NOT NULL, profile INTEGER, own TEXT) STRICT;
CREATE TABLE profile (key INTEGER PRIMARY KEY, content TEXT NOT NULL UNIQUE) STRICT;

-- Patients, studies and series: LastUpdate; last reception while unstable; place in the recycling order while unprotected.
CREATE TABLE activity (
  key INTEGER PRIMARY KEY, level INTEGER NOT NULL, updated INTEGER NOT NULL, received INTEGER, rank INTEGER
);
CREATE INDEX activity_unstable ON activity(level, received) WHERE received IS NOT NULL;
CREATE INDEX activity_rank ON activity(rank) WHERE rank IS NOT NULL;

-- Identifier tags, case folded.
CREATE TABLE identifier (
  tag INTEGER NOT NULL, value TEXT NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (tag, value, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
  slot INTEGER PRIMARY KEY, uuid ANY NOT NULL, compression INTEGER NOT NULL, size INTEGER NOT NULL, stored INTEGER NOT NULL,
  md5 ANY NOT NULL, stored_md5 ANY, revision INTEGER NOT NULL
) STRICT;
CREATE INDEX instance_blob ON instance(uuid) WHERE uuid IS NOT NULL;
CREATE INDEX attachment_blob ON attachment(uuid);
CREATE TABLE removed_blob (uuid ANY PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE metadata (slot INTEGER PRIMARY KEY, value TEXT NOT NULL, revision INTEGER NOT NULL) STRICT;
CREATE TABLE label (resource INTEGER NOT NULL, label TEXT NOT NULL, PRIMARY KEY (resource, label)) STRICT, WITHOUT ROWID;
CREATE INDEX label_label ON label(label, resource);

-- Changes other than New...
CREATE TABLE change (
  seq INTEGER PRIMARY KEY, type INTEGER NOT NULL, level INTEGER NOT NULL, resource INTEGER NOT NULL, date INTEGER NOT NULL
);
CREATE INDEX change_resource ON change(resource);
CREATE INDEX change_type ON change(type, seq);
CREATE TABLE export (
  seq INTEGER PRIMARY KEY, level INTEGER NOT NULL, id BLOB NOT NULL, modality TEXT NOT NULL, date TEXT NOT NULL,
  patient TEXT NOT NULL, study TEXT NOT NULL, series TEXT NOT NULL, instance TEXT NOT NULL
) STRICT;
CREATE TABLE property (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- One row: counts, sizes in bytes and counters as they were when last_key was given; later additions are counted at start-up.
CREATE TABLE total (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  patients INTEGER NOT NULL, studies INTEGER NOT NULL, series INTEGER NOT NULL, instances INTEGER NOT NULL,
  stored INTEGER NOT NULL, size INTEGER NOT NULL, dicom_stored INTEGER NOT NULL, dicom_size INTEGER NOT NULL,
  last_key INTEGER NOT NULL, last_export INTEGER NOT NULL, last_rank INTEGER NOT NULL, cleared INTEGER NOT NULL
) STRICT;
INSERT INTO total VALUES (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
`;

const jobs = `
-- Jobs in the order of their submission. What changes with every step has a table of its own: a request may be long.
CREATE TABLE job (key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, request TEXT NOT NULL) STRICT;
CREATE TABLE job_state (key INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT;
`;

const keyValues = `
-- What scripts and plug-ins keep.
CREATE TABLE key_value (
  store TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (store, key)
) STRICT, WITHOUT ROWID;
`;

/** Migration n (from 1) makes schema n out of schema n - 1. */
export const migrations: readonly string[] = [first, jobs, keyValues];
