// What does the demo add to a configuration? A realm, a user, a key, and keys of its own for the codes.

import type { Configuration, RealmConfiguration } from "../config/configuration.ts";
import { type DemoFacts, demoFacts, keepDemoFacts } from "../demo/demo-facts.ts";
import { demoKeys } from "../demo/demo-keys.ts";
import { demoCaller, demoPage, demoPolicy, demoRealm, demoSender, ensureDemoUser } from "../demo/demo-realm.ts";
import type { Hasher } from "../password/hasher.ts";
import type { PasswordPolicy } from "../password/policy.ts";
import { digestApiKey } from "../reset/api-key.ts";
import type { Caller } from "../reset/caller.ts";
import type { Clock } from "../units.ts";
import type { Realm } from "../reset/realm.ts";
import type { DeliveringRealm } from "./open-delivery.ts";
import type { Stores } from "./open-stores.ts";

export type Demo = {
  readonly keys: NonNullable<Configuration["keys"]>;
  readonly caller: readonly [digest: string, Caller];
  readonly realm: Realm & DeliveringRealm & Pick<RealmConfiguration, "page">;
  readonly passwordPolicy: PasswordPolicy;
  /** Makes the user. */
  prepare(): Promise<void>;
  /** Writes down what a newcomer needs to know. */
  announce(address: string): DemoFacts;
};

export function setUpDemo(parts: {
  readonly configuration: Configuration;
  readonly stores: Pick<Stores, "directory">;
  readonly hasher: Hasher;
  readonly clock: Clock;
}): Demo {
  const { configuration, stores, hasher, clock } = parts;
  const { dataDir } = configuration;
  const { facts, isNew } = demoFacts(dataDir);
  let address = "";
  const realm = demoRealm(facts, () => address);
  return {
    keys: configuration.keys ?? demoKeys(dataDir),
    caller: [digestApiKey(facts.api_key), demoCaller(realm)],
    realm: { ...realm, sender: demoSender, webhooks: [], page: demoPage },
    passwordPolicy: demoPolicy,
    async prepare() {
      const { directory } = stores;
      await ensureDemoUser({ directory, hasher, facts, factsAreNew: isNew, now: clock.now() });
    },
    announce(listening) {
      address = listening;
      const all = { ...facts, address };
      keepDemoFacts(dataDir, all);
      return all;
    },
  };
}
