// Queries of the DICOM network on what is stored here.
export { answerQuery, type Query, type QueryAnswers, type QueryDependencies } from './answer-query.ts';
