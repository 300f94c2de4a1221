// Which endpoints want no more webhooks? The register's door.
//
// Who answers 410 Gone is disabled until an operator enables it again.

import type { Instant } from "../../units.ts";

export type DisabledEndpoint = {
  readonly endpointId: string;
  readonly disabledAt: Instant;
  /** A sentence for operators. */
  readonly why: string;
};

/** Implementations: `redis/`, `embedded/`; one contract suite for both. */
export interface EndpointRegister {
  isDisabled(realmId: string, endpointId: string): Promise<boolean>;
  /** All of a realm, by their ids' order. */
  list(realmId: string): Promise<readonly DisabledEndpoint[]>;
  /** One that is disabled already keeps its first moment and reason. */
  disable(realmId: string, endpoint: DisabledEndpoint): Promise<void>;
  enable(realmId: string, endpointId: string): Promise<void>;
}
