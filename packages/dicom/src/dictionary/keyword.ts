// Keywords (PS3.6 5): the name of an attribute without spaces. Most names can be made from the keyword again.

const boundary = /([a-z0-9])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g;

/** `PatientBirthDate` -> `Patient Birth Date`. */
export function spacedKeyword(keyword: string): string {
  return keyword.replace(boundary, '$1$2 ');
}
