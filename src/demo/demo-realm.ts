// What may be done in the demo? A generous realm with one user and one key that may do everything.

import { defaultShapes } from "../codes/code.ts";
import type { Directory, UserAdministration } from "../directory/directory.ts";
import type { Hasher } from "../password/hasher.ts";
import { defaultPolicy } from "../password/policy.ts";
import type { Caller } from "../reset/caller.ts";
import { permissions } from "../reset/permission.ts";
import type { Realm } from "../reset/realm.ts";
import { demoLimits } from "../throttle/limits.ts";
import { hour, type Instant } from "../units.ts";
import type { DemoFacts } from "./demo-facts.ts";

/** The machine's own names: who tries the demo sits in front of it. */
const loopback = ["localhost", "127.0.0.1", "[::1]"];

/** `addressOf`: where the service listens, as a URL; not asked before it does. */
export function demoRealm(facts: Omit<DemoFacts, "address">, addressOf: () => string): Realm {
  return {
    id: facts.realm_id,
    defaultLanguage: "en",
    organizations: [facts.organization_id],
    shapes: defaultShapes,
    limits: demoLimits,
    notices: true,
    endSessions: true,
    recovery: {
      hosts: loopback,
      // Port 0 is any that is free: which one it is, is known only when the service listens.
      get link() {
        return `${onThisMachine(addressOf())}/recover#token={{.Token}}`;
      },
      returnOrigins: ["http://localhost:3000"],
      veto: {
        get link() {
          return `${onThisMachine(addressOf())}/recover#veto={{.Token}}`;
        },
        blockMs: hour,
      },
    },
    links: {
      page: "http://localhost:3000/password?user={{.UserID}}&code={{.Code}}",
      hosts: [...loopback, "example.com", "app.example.com", "www.example.com"],
    },
  };
}

/** A service that listens on every address of the machine has none of its own to link to. */
function onThisMachine(address: string): string {
  const url = new URL(address);
  if (!loopback.includes(url.hostname)) url.hostname = "localhost";
  return url.origin;
}

export function demoCaller(realm: Realm): Caller {
  return { id: "demo", realm, permissions: new Set(permissions) };
}

/** In whose name the demo's messages are written. */
export const demoSender = {
  from: { name: "Rekey Demo", address: "no-reply@example.com" },
  brandName: "Rekey Demo",
  contact: "help@example.com",
  smsPrefixes: ["+1"],
};

/** How the demo's page looks: the defaults, and whom to ask. */
export const demoPage = { name: demoSender.brandName, contact: demoSender.contact, colours: {}, texts: {} };

/** Our own API's policy in the demo: 8 characters, so that trying things out is not typing practice. */
export const demoPolicy = { ...defaultPolicy, minLength: 8 };

/** Makes the demo user, or gives an existing one the password of new facts. */
export async function ensureDemoUser(deps: {
  readonly directory: Directory & UserAdministration;
  readonly hasher: Hasher;
  readonly facts: Omit<DemoFacts, "address">;
  readonly factsAreNew: boolean;
  readonly now: Instant;
}): Promise<void> {
  const { directory, hasher, facts, now } = deps;
  const existing = await directory.find(facts.realm_id, facts.user_id);
  if (existing !== undefined && !deps.factsAreNew) return;
  const hashed = await hasher.hash(facts.password);
  if (hashed.kind === "busy") throw new Error("the hasher is busy before the first call");
  if (existing === undefined) {
    await directory.create({
      id: facts.user_id,
      realmId: facts.realm_id,
      organizationId: facts.organization_id,
      userName: facts.login_name,
      displayName: "Demo User",
      email: { address: facts.email, verified: true },
      phone: { number: "+15555550100", verified: true },
      preferredLanguage: "en",
      state: "active",
      now,
      password: { hash: hashed.hash, changeRequired: false },
    });
    return;
  }
  await directory.changePassword({
    realmId: facts.realm_id,
    userId: facts.user_id,
    now,
    hash: hashed.hash,
    changeRequired: false,
    expectedVersion: existing.passwordVersion,
    endSessions: true,
  });
}
