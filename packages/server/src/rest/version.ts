// Which Orthanc this server is compatible with, and its own version beside it.

/** What clients of Orthanc look at to know which routes and arguments exist. */
export const compatibleVersion = '1.13.0';
export const compatibleApiVersion = 31;
/** Version of Orthanc's database schema that clients may ask for; the index has a schema of its own. */
export const compatibleDatabaseVersion = 6;

/** The same as in package.json. */
export const pharosVersion = '0.1.0';
