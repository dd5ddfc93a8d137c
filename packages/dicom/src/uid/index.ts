export { type TransferSyntax, transferSyntaxes, transferSyntaxOf } from './transfer-syntaxes.ts';
export { generateUid, isUid, type StorageSopClass, storageSopClasses, uidName, uidOfUuid } from './uid.ts';
