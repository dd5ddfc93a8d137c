export { type Association, type AssociationOptions, openAssociation } from './association.ts';
