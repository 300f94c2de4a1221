// How does a fast test get Rekey? In its own process, over real parts: a database in memory, hashing threads, sockets,
// and a clock that the test moves.

import { randomUUID } from "node:crypto";

import { openCodeStore } from "../../src/codes/open-code-store.ts";
import { defaultShapes } from "../../src/codes/code.ts";
import type { LoginRadiusRealm } from "../../src/compose/login-radius-edges.ts";
import { type Acts, makeActs } from "../../src/compose/make-acts.ts";
import type { BotCheckSettings } from "../../src/bot-check/bot-check-settings.ts";
import { openBotCheck } from "../../src/compose/open-bot-check.ts";
import { keygenAccounts } from "../../src/compose/keygen-accounts.ts";
import { makeRequestListeners } from "../../src/compose/make-request-listeners.ts";
import { captureCourier } from "../../src/delivery/capture/capture-courier.ts";
import type { KeygenConfiguration } from "../../src/config/configuration.ts";
import type { Courier, Inbox } from "../../src/delivery/courier.ts";
import type { Directory, User, UserAdministration, UserProfile } from "../../src/directory/directory.ts";
import { templateNames } from "../../src/delivery/templates/template.ts";
import { openDirectory } from "../../src/directory/open-directory.ts";
import { openListener } from "../../src/edge/http/listener.ts";
import type { ExchangeHandler } from "../../src/edge/http/exchange.ts";
import type { CallEnd, CallObserver } from "../../src/edge/http/observe-calls.ts";
import { recoveryPages } from "../../src/edge/page/page-routes.ts";
import type { RealmPageSettings } from "../../src/edge/page/realm-page.ts";
import { defaultArgon2 } from "../../src/password/argon2-settings.ts";
import { nativeDialect } from "../../src/edge/native/dialect.ts";
import { zitadelDialect } from "../../src/edge/zitadel/dialect.ts";
import { defaultPolicy } from "../../src/password/policy.ts";
import { openThreadHasher } from "../../src/password/thread-hasher.ts";
import type { Hasher } from "../../src/password/hasher.ts";
import { digestApiKey, identifyByDigest, makeApiKey } from "../../src/reset/api-key.ts";
import type { Call, Caller } from "../../src/reset/caller.ts";
import { type Permission, permissions } from "../../src/reset/permission.ts";
import type { Dialect } from "../../src/reset/dialect.ts";
import type { RecoveryEnd } from "../../src/reset/perform-recovery.ts";
import type { Realm } from "../../src/reset/realm.ts";
import { makeLifecycle } from "../../src/server.ts";
import { type Database, openDatabase } from "../../src/sqlite/database.ts";
import type { Limit, LimitTable } from "../../src/throttle/limits.ts";
import { openThrottle } from "../../src/throttle/open-throttle.ts";
import { type FakeClock, fakeClock } from "./fake-clock.ts";
import { openQueue, type Queue } from "./open-queue.ts";
import { makeKeyRing } from "./make-key-ring.ts";

export type Rekey = {
  readonly acts: Acts;
  /** Our own API's. */
  readonly dialect: Dialect;
  readonly clock: FakeClock;
  readonly database: Database;
  readonly directory: Directory & UserAdministration;
  readonly hasher: Hasher;
  readonly courier: (Courier & Inbox) | undefined;
  /** A realm without limits, whose id nobody else has. */
  realm(changes?: Partial<Realm>): Realm;
  /** A call by a key that may do everything, or only what is said. */
  call(realm: Realm, changes?: { permissions?: readonly Permission[]; callerId?: string; address?: string }): Call;
  /** An API key that may do everything, or only what is said. */
  apiKey(realm: Realm, permissions?: readonly Permission[]): string;
  /** An active user with a verified address and number, and a password if one is given. */
  user(realm: Realm, changes?: Partial<UserProfile> & { id?: string; password?: string }): Promise<User>;
  /** Whether this is the user's password now. */
  isPassword(user: User, password: string): Promise<boolean>;
  /** What became of each request of a stranger, once all that was asked so far has been looked into. */
  recoveries(): Promise<readonly RecoveryEnd[]>;
  /** How each call over the wire has ended, and what nobody expected. */
  readonly ended: readonly CallEnd[];
  readonly faults: readonly { readonly cause: unknown; readonly requestId: string }[];
  /** Serves every edge on a free port; answers the URL. */
  listen(): Promise<string>;
  close(): Promise<void>;
};

export const noLimits: LimitTable = {
  return_code: {},
  send_message: {},
  present_code: {},
  guess_code: {},
  try_password: {},
  prepare_recovery: {},
  start_recovery: {},
  start_recovery_without_script: {},
  present_recovery: {},
  present_token: {},
};

/** A courier whose queue is full. */
export function fullCourier(retryAfterMs: number): Courier & Inbox {
  return {
    brings: () => true,
    hasTemplate: () => true,
    accept: async () => ({ kind: "full", retryAfterMs }),
    list: async () => [],
  };
}

const silentLog = { info: () => undefined, warn: () => undefined };

function isBuiltIn(_: string, template: string): boolean {
  return templateNames.some((name) => name === template);
}

/** A realm without limits, whose id nobody else has. */
export function makeRealm(changes: Partial<Realm> = {}): Realm {
  return {
    id: `realm-${randomUUID()}`,
    defaultLanguage: "en",
    organizations: ["acme", "branch"],
    shapes: defaultShapes,
    limits: noLimits,
    links: { page: "https://app.example.com/password?user={{.UserID}}&code={{.Code}}", hosts: ["app.example.com"] },
    notices: true,
    endSessions: true,
    ...changes,
  };
}

/**
 * `courier: "none"`: nothing is configured that could send. `waiting`: how many may wait for the one hashing thread.
 * `realms`: those that strangers may use; `botChecks`: what is wanted of them, by the realm's id. `loginRadius`: those of
 * them that LoginRadius's clients call.
 */
export async function openRekey(
  options: {
    courier?: (Courier & Inbox) | "none";
    waiting?: number;
    realms?: readonly (Realm & { keygen?: KeygenConfiguration })[];
    botChecks?: ReadonlyMap<string, BotCheckSettings>;
    loginRadius?: readonly LoginRadiusRealm[];
    allowedOrigins?: readonly string[];
    /** The hosted pages of realms. */
    pages?: readonly RealmPageSettings[];
    queue?: Queue;
    everywhere?: Limit;
  } = {},
): Promise<Rekey> {
  const clock = fakeClock();
  const database = openDatabase(":memory:");
  const directory = await openDirectory({ kind: "embedded", database });
  const codes = await openCodeStore({ kind: "embedded", database });
  const throttle = await openThrottle({ kind: "embedded", database });
  const hasher = openThreadHasher({ ...defaultArgon2, threads: 1, waiting: options.waiting ?? 1000 });
  const courier =
    options.courier === "none"
      ? undefined
      : (options.courier ?? captureCourier({ clock, templates: { has: isBuiltIn }, onCaptured: () => undefined }));
  const native = nativeDialect(defaultPolicy);
  const faults: { cause: unknown; requestId: string }[] = [];
  const queue = options.queue ?? (await openQueue(database, (cause) => void faults.push({ cause, requestId: "" })));
  const ends: RecoveryEnd[] = [];
  const keyRing = makeKeyRing(1);
  const botCheck = openBotCheck({ realms: options.botChecks ?? new Map(), throttle, keyRing, clock, log: silentLog });
  const acts = makeActs({
    recovery: {
      realms: options.realms ?? [],
      queue,
      ...(options.everywhere && { everywhere: options.everywhere }),
      botCheck,
      onEnd: (end) => void ends.push(end),
    },
    stores: { codes, throttle, directory },
    keyRing,
    hasher,
    clock,
    dialects: [native, zitadelDialect],
    onFault: (cause, requestId) => void faults.push({ cause, requestId }),
    ...(courier === undefined ? {} : { courier, inbox: courier }),
  });
  queue.start(acts.recovery?.perform);
  const callers = new Map<string, Caller>();
  const ended: CallEnd[] = [];
  const closing: (() => Promise<void>)[] = [];

  return {
    acts,
    dialect: native,
    clock,
    database,
    directory,
    hasher,
    courier,
    ended,
    faults,

    async recoveries() {
      await queue.empty();
      return ends;
    },

    realm: makeRealm,

    call: (realm, { permissions: held = permissions, callerId = "tester", address = "192.0.2.1" } = {}) => ({
      caller: { id: callerId, realm, permissions: new Set(held) },
      address,
      requestId: "test",
    }),

    apiKey(realm, held = permissions) {
      const key = makeApiKey("tester");
      callers.set(digestApiKey(key), { id: "tester", realm, permissions: new Set(held) });
      return key;
    },

    async user(realm, { id = `user-${randomUUID()}`, password, ...profile } = {}) {
      const outcome = await directory.create({
        id,
        realmId: realm.id,
        organizationId: realm.organizations[0],
        userName: `name-${id}`,
        displayName: "Ann Example",
        email: { address: `${id}@example.org`, verified: true },
        phone: { number: "+15555550123", verified: true },
        preferredLanguage: "",
        state: "active",
        now: clock.now(),
        ...profile,
        ...(password === undefined ? {} : { password: { hash: await hashed(password), changeRequired: false } }),
      });
      if (outcome.kind !== "written") throw new Error(outcome.kind);
      return outcome.user;
    },

    async isPassword({ realmId, id }, password) {
      const hash = await directory.passwordHash(realmId, id);
      return hash !== undefined && (await hasher.verify(password, hash)).kind === "match";
    },

    async listen() {
      const observer: CallObserver = {
        ended: (call) => void ended.push(call),
        fault: (cause, requestId) => void faults.push({ cause, requestId }),
      };
      const { recovery } = acts;
      const { pages: settings } = options;
      const pages =
        recovery === undefined || settings === undefined
          ? new Map<string, ExchangeHandler>()
          : recoveryPages({ realms: settings, acts: recovery, dialect: native, observer, clock });
      const listener = await openListener({
        host: "127.0.0.1",
        port: 0,
        ...makeRequestListeners({
          acts,
          identify: identifyByDigest(callers),
          observer,
          lifecycle: makeLifecycle(),
          nativeDialect: native,
          keygenAccounts: keygenAccounts(options.realms ?? []).all,
          loginRadius: options.loginRadius ?? [],
          clock,
          isSpoken: () => true,
          isRecoveryOpen: true,
          pages,
          isReady: () => true,
          reflection: false,
          allowedOrigins: options.allowedOrigins ?? [],
          trustedHops: 0,
          fastPath: true,
        }),
      });
      closing.push(async () => await listener.close({ graceMs: 0 }));
      return listener.address.url;
    },

    async close() {
      for (const close of closing) await close();
      await queue.close();
      await hasher.close();
      database.close();
    },
  };

  async function hashed(password: string): Promise<string> {
    const outcome = await hasher.hash(password);
    if (outcome.kind === "busy") throw new Error("the hasher is busy");
    return outcome.hash;
  }
}
