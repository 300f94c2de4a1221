// Who gets what? Configuration in, running service out: where the rooms are introduced to each other.

import { createSecretKey } from "node:crypto";
import { readFileSync } from "node:fs";

import { type BotCheckSettings, demoBotCheck } from "../bot-check/bot-check-settings.ts";
import type { KeyRing } from "../codes/key-ring.ts";
import type { Configuration, RealmConfiguration } from "../config/configuration.ts";
import type { DemoFacts } from "../demo/demo-facts.ts";
import { openListener } from "../edge/http/listener.ts";
import { observeCalls } from "../edge/http/observe-calls.ts";
import { keygenDialect } from "../edge/keygen/dialect.ts";
import { publicKeyOf } from "../edge/keygen/sign.ts";
import { keygenWebhookForm } from "../edge/keygen/webhook-form.ts";
import { loginRadiusWebhookForm } from "../edge/loginradius/webhook-form.ts";
import { nativeDialect } from "../edge/native/dialect.ts";
import type { RealmPageSettings } from "../edge/page/realm-page.ts";
import { zitadelDialect } from "../edge/zitadel/dialect.ts";
import { defaultPolicy } from "../password/policy.ts";
import { openThreadHasher } from "../password/thread-hasher.ts";
import { identifyByDigest } from "../reset/api-key.ts";
import { callersOf } from "../reset/callers.ts";
import { makeLifecycle, stop } from "../server.ts";
import type { Audit } from "../telemetry/audit.ts";
import type { Log } from "../telemetry/log.ts";
import { systemClock } from "../units.ts";
import { auditRecovery } from "./audit-recovery.ts";
import { setUpDemo } from "./demo-setup.ts";
import { keygenAccounts } from "./keygen-accounts.ts";
import { loginRadiusRealms } from "./login-radius-edges.ts";
import { makeActs } from "./make-acts.ts";
import { makeRequestListeners } from "./make-request-listeners.ts";
import { openDelivery } from "./open-delivery.ts";
import { openStores } from "./open-stores.ts";
import { openWatch } from "./open-watch.ts";
import { warnOfUncheckedEdges } from "./warn-of-unchecked-edges.ts";

export type Service = {
  /** Where it listens, as a URL. */
  readonly address: string;
  /** Where metrics are read, as a URL; where they are on. */
  readonly metricsAddress?: string;
  /** What a newcomer needs to know; in the demo only. */
  readonly demo?: DemoFacts;
  /** Lets calls under way finish, within the grace period. */
  stop(): Promise<void>;
};

/** `introduce`: tests that have to notice a leak bring a service that has one, the same in everything else. */
export async function openService(
  configuration: Configuration,
  telemetry: { readonly log: Log; readonly audit: Audit },
  introduce: typeof makeActs = makeActs,
): Promise<Service> {
  const { log, audit } = telemetry;
  const clock = systemClock;
  const watch = await openWatch(configuration);
  const stores = watch.stores(await openStores(configuration));
  const hasher = watch.hasher(openThreadHasher(configuration.passwordHashing));
  const demo = configuration.mode === "demo" ? setUpDemo({ configuration, stores, hasher, clock }) : undefined;
  await demo?.prepare();

  const callers = callersOf(configuration.realms);
  if (demo !== undefined) callers.set(...demo.caller);
  const keyRing = keyRingOf(demo?.keys ?? configuration.keys);
  const realms = [...configuration.realms, ...(demo === undefined ? [] : [demo.realm])];
  const keygen = keygenAccounts(realms);
  for (const { id: accountId, privateKey } of keygen.all) {
    log.info(
      { accountId, publicKey: publicKeyOf(privateKey) },
      "a Keygen account's answers and webhooks verify with this key",
    );
  }
  warnOfUncheckedEdges(configuration.realms, log);
  const { directory } = stores;
  const loginRadius = loginRadiusRealms(configuration.realms);
  const secretOf = (realmId: string) => loginRadius.find(({ realm }) => realm.id === realmId)?.settings.secrets[0];
  const forms = new Map([
    ["keygen", keygenWebhookForm({ directory, accountOf: keygen.ofRealm })],
    ["loginradius", loginRadiusWebhookForm({ directory, secretOf })],
  ]);
  const delivery = await openDelivery({ configuration, realms, stores, keyRing, forms, watch, clock, log });
  const observer = watch.observer(observeCalls({ log, audit }));
  const native = nativeDialect(demo?.passwordPolicy ?? defaultPolicy);
  const dialects = [native, zitadelDialect, keygenDialect];
  const { queue } = delivery;
  const botChecks = new Map(
    configuration.realms.map((realm): [string, BotCheckSettings] => [realm.id, realm.botCheck]),
  );
  if (demo !== undefined) botChecks.set(demo.realm.id, demoBotCheck);
  // Loaded where strangers may ask, and nowhere else.
  const recovery = queue && {
    realms,
    queue,
    botCheck: (await import("./open-bot-check.ts")).openBotCheck({
      realms: botChecks,
      throttle: stores.throttle,
      keyRing,
      clock,
      log,
    }),
    ...recoveryLimit(configuration),
    onEnd: watch.recoveries(auditRecovery(audit)),
  };
  const acts = introduce({
    ...delivery,
    stores,
    keyRing,
    hasher,
    dialects,
    ...(recovery && { recovery }),
    onFault: observer.fault,
    clock,
  });
  const pages = realms.flatMap(pageOf);
  const lifecycle = makeLifecycle();
  const isReady = () => lifecycle.current() === "serving" && stores.isReady();
  const metrics = await watch.listen?.({ isReady, onFault: observer.fault });
  const { host, port, trustedHops, fastPath } = configuration.listen;
  const listener = await openListener({
    host,
    port,
    ...tlsOf(configuration),
    ...makeRequestListeners({
      acts,
      identify: identifyByDigest(callers),
      observer,
      lifecycle,
      nativeDialect: native,
      keygenAccounts: keygen.all,
      isSpoken: ({ name }) => realms.some(({ switchedOff }) => switchedOff === undefined || !switchedOff.has(name)),
      isRecoveryOpen: realms.some(({ recovery: ofRealm }) => ofRealm !== undefined),
      loginRadius,
      pages: new Map([
        ...(acts.recovery === undefined || pages.length === 0
          ? []
          : (await import("../edge/page/page-routes.ts")).recoveryPages({
              realms: pages,
              acts: acts.recovery,
              dialect: native,
              observer,
              clock,
            })),
        ...delivery.pages,
      ]),
      isReady,
      reflection: configuration.reflection,
      trustedHops,
      fastPath,
      clock,
      allowedOrigins: configuration.cors.allowedOrigins,
    }),
  });

  const address = listener.address.url;
  const facts = demo?.announce(address);
  // Not before: the demo's links need the address.
  delivery.start(acts.recovery?.perform);
  return {
    address,
    ...(metrics && { metricsAddress: metrics.address }),
    ...(facts === undefined ? {} : { demo: facts }),
    stop: async () =>
      await stop({
        lifecycle,
        listener,
        graceMs: configuration.shutdownGraceMs,
        resources: [...stores.resources, hasher, ...delivery.resources, ...(metrics ? [metrics] : [])],
      }),
  };
}

/** None where the realm has no page. */
function pageOf({
  id: realmId,
  defaultLanguage,
  page,
}: Pick<RealmConfiguration, "id" | "defaultLanguage" | "page">): readonly RealmPageSettings[] {
  return page === undefined ? [] : [{ realmId, defaultLanguage, ...page }];
}

function recoveryLimit({ limits: { start_recovery: everywhere } }: Configuration) {
  return everywhere && { everywhere };
}

function keyRingOf(keys: Configuration["keys"]): KeyRing {
  if (keys === undefined) throw new Error("the configuration was not validated: it has no keys");
  const [active, ...older] = keys.codes.map(({ id, secret }) => ({ id, key: createSecretKey(secret) }));
  if (active === undefined) throw new Error("the configuration was not validated: it has no code key");
  return { names: createSecretKey(keys.names), codes: [active, ...older] };
}

function tlsOf({ tls }: Configuration): { readonly tls?: { readonly key: Buffer; readonly certificate: Buffer } } {
  if (tls === undefined) return {};
  return { tls: { key: readFileSync(tls.keyFile), certificate: readFileSync(tls.certificateFile) } };
}
