// What may be done to the users of the built-in directory? Create, read, list, change, delete.

import { randomUUID } from "node:crypto";

import type { Challenges } from "../codes/challenges.ts";
import type {
  Directory,
  User,
  UserAdministration,
  UserFilter,
  UserProfile,
  UserWriteOutcome,
} from "../directory/directory.ts";
import { emailProblem, phoneProblem, userNameProblem } from "../directory/identifier.ts";
import { parseHash } from "../password/hash-formats.ts";
import type { Hasher } from "../password/hasher.ts";
import type { PasswordPolicy } from "../password/policy.ts";
import type { Clock } from "../units.ts";
import { type Call, requirePermission } from "./caller.ts";
import { changedProfile, type ProfileChange } from "./changed-profile.ts";
import { refuseBrokenRules } from "./password-rules.ts";
import { Refusal } from "./refusal.ts";
import type { TellChange } from "./tell-change.ts";

/** A password as an administrator gives it: in clear, or hashed elsewhere. */
export type FirstPassword =
  | { readonly kind: "clear"; readonly password: string; readonly changeRequired: boolean }
  | { readonly kind: "hash"; readonly hash: string; readonly changeRequired: boolean };

export type ManageUsers = {
  /** `id` and `organizationId` are chosen when absent. */
  create(
    call: Call,
    request: {
      readonly id?: string;
      readonly profile: Omit<UserProfile, "organizationId"> & { readonly organizationId?: string };
      readonly password?: FirstPassword;
      readonly policy: PasswordPolicy;
    },
  ): Promise<User>;

  get(call: Call, userId: string): Promise<User>;

  list(
    call: Call,
    filter: UserFilter,
    page: { readonly after?: string; readonly size: number },
  ): Promise<readonly User[]>;

  update(
    call: Call,
    request: {
      readonly userId: string;
      readonly fields: ProfileChange;
      readonly password?: FirstPassword;
      readonly policy: PasswordPolicy;
    },
  ): Promise<User>;

  /** Also kills the user's codes. */
  delete(call: Call, userId: string): Promise<User>;
};

export function makeManageUsers(deps: {
  readonly directory: Directory & UserAdministration;
  readonly challenges: Challenges;
  readonly hasher: Hasher;
  readonly tellChange: TellChange;
  readonly clock: Clock;
}): ManageUsers {
  const { directory, challenges, hasher, tellChange, clock } = deps;

  return {
    async create(call, { id, profile, password, policy }) {
      requirePermission(call, "users.write");
      const { realm } = call.caller;
      const whole = { ...profile, organizationId: profile.organizationId ?? realm.organizations[0] };
      refuseInvalid(call, whole);
      const hashed = password && (await hashOf(call, password, policy, whole));
      const outcome = await directory.create({
        ...whole,
        id: id ?? randomUUID(),
        realmId: realm.id,
        now: clock.now(),
        ...(hashed === undefined ? {} : { password: hashed }),
      });
      return written(outcome);
    },

    async get(call, userId) {
      requirePermission(call, "users.read");
      return await known(call, userId);
    },

    async list(call, filter, page) {
      requirePermission(call, "users.read");
      return await directory.list(call.caller.realm.id, filter, page);
    },

    async update(call, { userId, fields, password, policy }) {
      requirePermission(call, "users.write");
      const realmId = call.caller.realm.id;
      const user = await known(call, userId);
      const profile = changedProfile(user, fields);
      refuseInvalid(call, profile);
      const hashed = password && (await hashOf(call, password, policy, profile));
      const moves = profile.email?.address !== user.email?.address || profile.phone?.number !== user.phone?.number;
      // What is on its way to an address that is the user's no more opens nothing. Nothing but this kills it: where the
      // store is away, the address stays. Incident: C27.
      if (moves) await challenges.revoke({ subject: { realmId, userId }, now: clock.now() });
      const updated = written(
        await directory.update({ realmId, userId, now: clock.now(), profile, expectedSequence: user.sequence }),
      );
      // And what was made in between.
      if (moves) await killCodes(realmId, userId);
      if (hashed === undefined) return updated;
      const change = await directory.changePassword({
        realmId,
        userId,
        now: clock.now(),
        ...hashed,
        expectedVersion: user.passwordVersion,
        endSessions: call.caller.realm.endSessions,
      });
      if (change.kind === "moved") throw new Refusal({ reason: "conflict" });
      if (change.kind === "gone") throw new Refusal({ reason: "user_unknown" });
      // Whoever may set a password without a proof has made sure who the person is: a veto has done its work.
      await killCodes(realmId, userId, { unblock: password?.kind === "clear" });
      await tellChange(call, change.user, password?.kind === "hash" ? "import" : "permission");
      return change.user;
    },

    async delete(call, userId) {
      requirePermission(call, "users.write");
      const realmId = call.caller.realm.id;
      const outcome = await directory.delete(realmId, userId, clock.now());
      if (outcome.kind === "gone") throw new Refusal({ reason: "user_unknown" });
      await killCodes(realmId, userId, { unblock: true });
      return outcome.user;
    },
  };

  async function known(call: Call, userId: string): Promise<User> {
    const user = await directory.find(call.caller.realm.id, userId);
    if (user === undefined) throw new Refusal({ reason: "user_unknown" });
    return user;
  }

  /** The user's password version, or absence, has killed the codes already: this only tells their holder sooner. */
  async function killCodes(realmId: string, userId: string, { unblock } = { unblock: false }): Promise<void> {
    await challenges.revoke({ subject: { realmId, userId }, now: clock.now(), unblock }).catch(() => undefined);
  }

  async function hashOf(
    call: Call,
    password: FirstPassword,
    policy: PasswordPolicy,
    names: Pick<User, "userName" | "displayName" | "email">,
  ): Promise<{ hash: string; changeRequired: boolean }> {
    const { changeRequired } = password;
    if (password.kind === "hash") {
      requirePermission(call, "password.import");
      const parsed = parseHash(password.hash);
      if (parsed.kind === "unsupported") {
        throw new Refusal({ reason: "hash_unsupported", description: parsed.description });
      }
      if (parsed.kind === "too_costly") {
        throw new Refusal({ reason: "hash_too_costly", description: parsed.description });
      }
      return { hash: password.hash, changeRequired };
    }
    requirePermission(call, "password.set");
    refuseBrokenRules(call.caller.realm.passwordPolicy ?? policy, password.password, names);
    const hashed = await hasher.hash(password.password);
    if (hashed.kind === "busy") throw new Refusal({ reason: "overloaded", retryAfterMs: hashed.retryAfterMs });
    return { hash: hashed.hash, changeRequired };
  }
}

function refuseInvalid(call: Call, profile: UserProfile): void {
  const { organizations } = call.caller.realm;
  if (!organizations.includes(profile.organizationId)) {
    throw new Refusal({ reason: "organization_unknown", organizationId: profile.organizationId });
  }
  const problems = {
    user_name: userNameProblem(profile.userName),
    "email.address": profile.email && emailProblem(profile.email.address),
    "phone.number": profile.phone && phoneProblem(profile.phone.number),
  };
  for (const [field, description] of Object.entries(problems)) {
    if (description !== undefined) throw new Refusal({ reason: "field_invalid", field, description });
  }
}

function written(outcome: UserWriteOutcome): User {
  switch (outcome.kind) {
    case "written":
      return outcome.user;
    case "taken":
      throw new Refusal({ reason: "user_exists", field: outcome.field });
    case "moved":
      throw new Refusal({ reason: "conflict" });
    case "gone":
      throw new Refusal({ reason: "user_unknown" });
  }
}
