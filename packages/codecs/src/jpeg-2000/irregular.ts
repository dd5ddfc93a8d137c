/** The stream is damaged, or of a kind that is not decoded here: the library may know better. */
export class Irregular extends Error {}
