export { type Acceptance, type AcceptancePolicy, type Admission, judgeRequest } from './acceptance.ts';
export {
  type ContextRule,
  chooseByPreference,
  chooseFirstProposed,
  contextsAsScu,
  type Negotiated,
  negotiateContexts,
} from './context-rules.ts';
export type { CommandRequest } from './dispatcher.ts';
export { createEchoService } from './echo-service.ts';
export { createNormalisedService, type NormalisedServiceOptions } from './normalised-service.ts';
export type { ScpEvent, ScpServerOptions } from './scp-options.ts';
export { createScpServer, type ScpServer } from './scp-server.ts';
export {
  createServiceRegistry,
  type Exchange,
  type Request,
  type Service,
  type ServiceRegistry,
  sopClassOf,
} from './service.ts';
export { createStoreService, type StoreServiceOptions, type StoreSink } from './store-service.ts';
