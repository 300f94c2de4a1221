// What must every directory keep that Rekey itself writes? One suite for all of them; it takes only `open()`.

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type {
  Directory,
  NewUser,
  PasswordChange,
  PasswordChangeOutcome,
  User,
  UserAdministration,
  UserProfile,
  UserWriteOutcome,
} from "../../src/directory/directory.ts";
import type { UserSearch } from "../../src/directory/user-search.ts";
import { second } from "../../src/units.ts";

export type OpenedDirectory = {
  readonly directory: Directory & UserAdministration;
  /** What is there after the process that kept the directory has ended and another one has opened it. */
  reopen(): Promise<Directory & UserAdministration>;
  /** Sends all changes at once, from several processes. */
  changeFromElsewhere(changes: readonly PasswordChange[]): Promise<readonly PasswordChangeOutcome["kind"][]>;
  close(): Promise<void>;
};

const start = 1_800_000_000_000;
const firstHash = "$argon2id$v=19$m=19456,t=2,p=1$Zmlyc3RmaXJzdGZpcnN0$Zmlyc3RmaXJzdGZpcnN0Zmlyc3RmaXJzdA";
const secondHash = "$argon2id$v=19$m=19456,t=2,p=1$c2Vjb25kc2Vjb25kc2Vj$c2Vjb25kc2Vjb25kc2Vjb25kc2Vjb25kcw";

/** A user that no other test knows. */
function newUser(id: string, changes: Partial<NewUser> = {}): NewUser {
  return {
    id,
    realmId: "contract",
    organizationId: "org-1",
    userName: `${id}@login.example`,
    displayName: `Display of ${id}`,
    email: { address: `${id}@Mail.example`, verified: true },
    phone: { number: "+41446681800", verified: false },
    preferredLanguage: "de-CH",
    state: "active",
    now: start,
    ...changes,
  };
}

function profileOf(user: User, changes: Partial<UserProfile> = {}): UserProfile {
  const { organizationId, userName, displayName, email, phone, preferredLanguage, state } = user;
  return {
    organizationId,
    userName,
    displayName,
    preferredLanguage,
    state,
    ...(email && { email }),
    ...(phone && { phone }),
    ...changes,
  };
}

function changeOf(userId: string, changes: Partial<PasswordChange> = {}): PasswordChange {
  return {
    realmId: "contract",
    userId,
    now: start + second,
    hash: secondHash,
    changeRequired: false,
    expectedVersion: 0,
    endSessions: false,
    ...changes,
  };
}

function written(outcome: UserWriteOutcome | PasswordChangeOutcome): User {
  if (outcome.kind !== "written") throw new Error(outcome.kind);
  return outcome.user;
}

/** What one of many racers writes. */
const hashOf = (racer: number) => `${secondHash}${racer}`;

const idsOf = (users: readonly User[]) => users.map((user) => user.id);

export function directoryContract(name: string, open: () => Promise<OpenedDirectory>): void {
  describe(`A directory in ${name}`, () => {
    let opened: OpenedDirectory;
    let directory: Directory & UserAdministration;

    beforeAll(async () => {
      opened = await open();
      directory = opened.directory;
    });
    afterAll(() => opened.close());

    const create = async (id: string, changes: Partial<NewUser> = {}) =>
      written(await directory.create(newUser(id, changes)));

    describe("creating", () => {
      test("a user is found as it was written", async () => {
        const user = await create("created");
        expect(user).toEqual({
          id: "created",
          realmId: "contract",
          organizationId: "org-1",
          userName: "created@login.example",
          displayName: "Display of created",
          email: { address: "created@Mail.example", verified: true },
          phone: { number: "+41446681800", verified: false },
          preferredLanguage: "de-CH",
          state: "active",
          passwordVersion: 0,
          password: { set: false, changeRequired: false },
          sequence: start,
          createdAt: start,
          changedAt: start,
        });
        expect(await directory.find("contract", "created")).toEqual(user);
        expect(await directory.passwordHash("contract", "created")).toBeUndefined();
      });

      test("a user without address and number has neither", async () => {
        const { email: _, phone: __, ...bare } = newUser("bare");
        const user = written(await directory.create(bare));
        expect(user).not.toHaveProperty("email");
        expect(user).not.toHaveProperty("phone");
        expect(await directory.find("contract", "bare")).toEqual(user);
      });

      test("a first password makes version 1", async () => {
        const user = await create("with-password", { password: { hash: firstHash, changeRequired: true } });
        expect(user.passwordVersion).toBe(1);
        expect(user.password).toEqual({ set: true, changeRequired: true, changedAt: start });
        expect(await directory.passwordHash("contract", "with-password")).toBe(firstHash);
      });

      test("a phone number is kept in E.164 form", async () => {
        const user = await create("phoned", { phone: { number: "+41 44 668 18 00", verified: true } });
        expect(user.phone).toEqual({ number: "+41446681800", verified: true });
      });

      test("an id that is taken is refused and changes nothing", async () => {
        const user = await create("twice");
        const again = newUser("twice", { userName: "other-name", displayName: "Other" });
        expect(await directory.create(again)).toEqual({ kind: "taken", field: "user_id" });
        expect(await directory.find("contract", "twice")).toEqual(user);
      });

      // Incident: C6
      test("a user name that is taken is refused, in any case and width", async () => {
        await create("named", { userName: "Sam Smith" });
        for (const userName of ["Sam Smith", "sam smith", "\u017fam \uff33mith"]) {
          expect(await directory.create(newUser("name-taker", { userName }))).toEqual({
            kind: "taken",
            field: "user_name",
          });
        }
        expect(await directory.find("contract", "name-taker")).toBeUndefined();
      });

      // Guard: ASVS 5.0 15.4.2.
      test("of 64 who take one user name at once the first gets it", async () => {
        const names = Array.from({ length: 64 }, (_, racer) => (racer % 2 === 0 ? "one name" : "ONE NAME"));
        const takers = names.map((userName, racer) => newUser(`taker-${racer}`, { userName }));
        const outcomes = await Promise.all(takers.map((taker) => directory.create(taker)));
        const taken = { kind: "taken", field: "user_name" };
        expect(outcomes.slice(1)).toEqual(takers.slice(1).map(() => taken));
        expect(idsOf(await directory.list("contract", { userName: "one name" }, { size: 10 }))).toEqual(["taker-0"]);
      });

      test("two users may have the same address", async () => {
        await create("family-1", { email: { address: "family@example.org", verified: true } });
        await create("family-2", { email: { address: "family@example.org", verified: false } });
        expect(idsOf(await directory.list("contract", { email: "family@example.org" }, { size: 10 }))).toEqual([
          "family-1",
          "family-2",
        ]);
      });

      // Incident: C5, C8
      test("an identifier that is none is a fault and writes nothing", async () => {
        const address = "ann@example.org,eve@attacker.example";
        await expect(directory.create(newUser("malformed", { email: { address, verified: true } }))).rejects.toThrow(
          RangeError,
        );
        expect(await directory.find("contract", "malformed")).toBeUndefined();
      });
    });

    describe("invalidating what was given out", () => {
      const invalidate = (userId: string, now: number) => directory.invalidate({ realmId: "contract", userId, now });

      test("ends sessions and moves the version and the sequence; the password stays", async () => {
        const before = await create("vetoer", { password: { hash: firstHash, changeRequired: false } });
        const now = start + second;
        const user = { ...before, passwordVersion: 2, sessionsValidFrom: now, sequence: now, changedAt: now };
        expect(await invalidate("vetoer", now)).toEqual({ kind: "written", user });
        expect(await directory.find("contract", "vetoer")).toEqual(user);
        expect(await directory.passwordHash("contract", "vetoer")).toBe(firstHash);
        expect(await directory.changePassword(changeOf("vetoer", { expectedVersion: 1 }))).toEqual({ kind: "moved" });
      });

      test("makes no password where there is none", async () => {
        await create("vetoer-without");
        await invalidate("vetoer-without", start);
        expect((await directory.find("contract", "vetoer-without"))?.password.set).toBe(false);
      });

      test("never moves sessions back, whatever the clock says", async () => {
        await create("vetoed-late");
        await invalidate("vetoed-late", start + 10 * second);
        expect(await invalidate("vetoed-late", start + second)).toMatchObject({
          kind: "written",
          user: { sessionsValidFrom: start + 10 * second },
        });
        const change = changeOf("vetoed-late", { now: start + 2 * second, expectedVersion: 2, endSessions: true });
        expect(written(await directory.changePassword(change)).sessionsValidFrom).toBe(start + 10 * second);
      });

      test("says that nobody is there", async () => {
        expect(await invalidate("nobody", start)).toEqual({ kind: "gone" });
      });
    });

    describe("changing a password", () => {
      test("writes hash, version, time and demand, and moves the sequence", async () => {
        const before = await create("changer");
        const outcome = await directory.changePassword(changeOf("changer", { changeRequired: true }));
        const user = written(outcome);
        expect(user).toEqual({
          ...before,
          passwordVersion: 1,
          password: { set: true, changeRequired: true, changedAt: start + second },
          sequence: start + second,
          changedAt: start + second,
        });
        expect(await directory.find("contract", "changer")).toEqual(user);
        expect(await directory.passwordHash("contract", "changer")).toBe(secondHash);
      });

      test("writes nothing when the password has moved in between", async () => {
        const before = await create("moved", { password: { hash: firstHash, changeRequired: false } });
        for (const expectedVersion of [0, 2]) {
          expect(await directory.changePassword(changeOf("moved", { expectedVersion }))).toEqual({ kind: "moved" });
        }
        expect(await directory.find("contract", "moved")).toEqual(before);
        expect(await directory.passwordHash("contract", "moved")).toBe(firstHash);
      });

      test("says that nobody is there", async () => {
        expect(await directory.changePassword(changeOf("nobody"))).toEqual({ kind: "gone" });
      });

      test("moves the sequence also when the clock has gone back", async () => {
        await create("late", { now: start + 10 * second });
        const user = written(await directory.changePassword(changeOf("late", { now: start })));
        expect(user.sequence).toBe(start + 10 * second + 1);
        expect(user.changedAt).toBe(start);
      });

      test("ends the sessions of before, in the same write, when it is to. Guard: ASVS 5.0 7.4.3", async () => {
        await create("sessions");
        const kept = written(await directory.changePassword(changeOf("sessions")));
        expect(kept.sessionsValidFrom).toBeUndefined();
        const change = changeOf("sessions", { now: start + 2 * second, expectedVersion: 1, endSessions: true });
        const ended = written(await directory.changePassword(change));
        expect(ended).toMatchObject({ passwordVersion: 2, sessionsValidFrom: start + 2 * second });
        expect(await directory.changePassword({ ...change, now: start + 9 * second })).toEqual({ kind: "moved" });
        const later = changeOf("sessions", { now: start + 3 * second, expectedVersion: 2 });
        expect(written(await directory.changePassword(later)).sessionsValidFrom).toBe(start + 2 * second);
        expect((await directory.find("contract", "sessions"))?.sessionsValidFrom).toBe(start + 2 * second);
      });

      test("of 64 changes at once with the same expected version exactly one is written", async () => {
        await create("raced");
        const changes = Array.from({ length: 64 }, (_, racer) => changeOf("raced", { hash: hashOf(racer) }));
        const outcomes = await Promise.all(changes.map((change) => directory.changePassword(change)));
        const winners = outcomes.flatMap((outcome, racer) => (outcome.kind === "written" ? [racer] : []));
        expect(winners).toHaveLength(1);
        expect(outcomes.filter((outcome) => outcome.kind === "moved")).toHaveLength(63);
        expect((await directory.find("contract", "raced"))?.passwordVersion).toBe(1);
        expect(await directory.passwordHash("contract", "raced")).toBe(hashOf(winners[0]!));
      });

      test("of 64 changes from several processes exactly one is written", async () => {
        await create("raced-apart");
        const changes = Array.from({ length: 64 }, (_, racer) => changeOf("raced-apart", { hash: hashOf(racer) }));
        const outcomes = await opened.changeFromElsewhere(changes);
        expect(outcomes.filter((kind) => kind === "written")).toHaveLength(1);
        expect(outcomes.filter((kind) => kind === "moved")).toHaveLength(63);
        expect((await directory.find("contract", "raced-apart"))?.passwordVersion).toBe(1);
        expect(await directory.passwordHash("contract", "raced-apart")).toBe(hashOf(outcomes.indexOf("written")));
      });
    });

    describe("updating", () => {
      test("replaces every field and leaves the password alone", async () => {
        const before = await create("updated", { password: { hash: firstHash, changeRequired: true } });
        const profile: UserProfile = {
          organizationId: "org-2",
          userName: "new-name",
          displayName: "New Name",
          email: { address: "new@example.org", verified: false },
          preferredLanguage: "",
          state: "locked",
        };
        const now = start + 2 * second;
        const request = { realmId: "contract", userId: "updated", now, profile, expectedSequence: before.sequence };
        const user = written(await directory.update(request));
        const { phone: _, ...rest } = before;
        expect(user).toEqual({ ...rest, ...profile, sequence: now, changedAt: now });
        expect(await directory.find("contract", "updated")).toEqual(user);
        expect(await directory.passwordHash("contract", "updated")).toBe(firstHash);
        expect(idsOf(await directory.list("contract", { userName: "NEW-NAME" }, { size: 10 }))).toEqual(["updated"]);
        expect(await directory.list("contract", { userName: before.userName }, { size: 10 })).toEqual([]);
      });

      test("writes nothing when the user has moved in between", async () => {
        const before = await create("update-moved");
        const request = {
          realmId: "contract",
          userId: "update-moved",
          now: start + second,
          profile: profileOf(before, { displayName: "Other" }),
          expectedSequence: before.sequence,
        };
        const changed = written(await directory.changePassword(changeOf("update-moved")));
        expect(await directory.update(request)).toEqual({ kind: "moved" });
        expect(await directory.find("contract", "update-moved")).toEqual(changed);
      });

      test("refuses a user name that another user has, and keeps one's own", async () => {
        const user = await create("renamed");
        await create("holder", { userName: "Held Name" });
        const request = {
          realmId: "contract",
          userId: "renamed",
          now: start + second,
          expectedSequence: user.sequence,
        };
        const taken = profileOf(user, { userName: "held name" });
        expect(await directory.update({ ...request, profile: taken })).toEqual({ kind: "taken", field: "user_name" });
        const own = profileOf(user, { userName: user.userName.toUpperCase() });
        expect(written(await directory.update({ ...request, profile: own })).userName).toBe("RENAMED@LOGIN.EXAMPLE");
      });

      test("of 64 at once that saw the same user the first is written", async () => {
        const user = await create("updated-at-once");
        const updates = Array.from({ length: 64 }, (_, racer) => ({
          realmId: "contract",
          userId: user.id,
          now: start + second,
          profile: profileOf(user, { displayName: `Racer ${racer}` }),
          expectedSequence: user.sequence,
        }));
        const outcomes = await Promise.all(updates.map((update) => directory.update(update)));
        expect(outcomes.slice(1)).toEqual(updates.slice(1).map(() => ({ kind: "moved" })));
        expect((await directory.find("contract", user.id))?.displayName).toBe("Racer 0");
      });

      test("says that nobody is there", async () => {
        const profile = profileOf(await create("update-model"));
        const request = { realmId: "contract", userId: "nobody", now: start, profile, expectedSequence: start };
        expect(await directory.update(request)).toEqual({ kind: "gone" });
      });
    });

    describe("deleting", () => {
      test("takes the user and the hash, and gives back the user with a last step of its sequence", async () => {
        const user = await create("deleted", { password: { hash: firstHash, changeRequired: false } });
        const now = start + second;
        expect(await directory.delete("contract", "deleted", now)).toEqual({
          kind: "deleted",
          user: { ...user, sequence: now, changedAt: now },
        });
        expect(await directory.find("contract", "deleted")).toBeUndefined();
        expect(await directory.passwordHash("contract", "deleted")).toBeUndefined();
        expect(await directory.list("contract", { userName: user.userName }, { size: 10 })).toEqual([]);
        expect(await directory.delete("contract", "deleted", now)).toEqual({ kind: "gone" });
      });

      test("frees the id and the user name, and a new user has no old password", async () => {
        await create("reborn", { password: { hash: firstHash, changeRequired: false } });
        await directory.delete("contract", "reborn", start + second);
        const user = await create("reborn", { now: start + 2 * second });
        expect(user.passwordVersion).toBe(0);
        expect(await directory.passwordHash("contract", "reborn")).toBeUndefined();
      });
    });

    describe("finding by identifier", () => {
      const realmId = "finding";
      const idsBy = async (identifier: string, realm = realmId) =>
        idsOf(await directory.findByIdentifier(realm, identifier)).toSorted();
      beforeAll(async () => {
        await create("ann", { realmId, userName: "Ann", phone: { number: "+41446681811", verified: true } });
        await create("bob", { realmId, userName: "bob@mail.example" });
        await create("claims", { realmId, email: { address: "ann@Mail.example", verified: false } });
        await create("named-like-ann", {
          realmId,
          userName: "ann@mail.example",
          email: { address: "x@y.example", verified: true },
        });
        await create("elsewhere", { realmId: "finding-too", userName: "Ann" });
      });

      test("takes a name, a verified address and a verified number, in any of their writings", async () => {
        expect(await idsBy("ANN")).toEqual(["ann"]);
        expect(await idsBy("+41 44 668-18-11")).toEqual(["ann"]);
        expect(await idsBy("CLAIMS@login.example")).toEqual(["claims"]);
      });

      test("finds a user once whose name is the address, too", async () => {
        expect(await idsBy("Bob@MAIL.example")).toEqual(["bob"]);
      });

      test("answers all whose it is, but nobody who only claims an address or a number", async () => {
        expect(await idsBy("ann@mail.example")).toEqual(["ann", "named-like-ann"]);
        expect(await idsBy("+41446681800")).toEqual([]);
      });

      test("stays in its realm", async () => {
        expect(await idsBy("ann", "finding-too")).toEqual(["elsewhere"]);
        expect(await idsBy("ann", "finding-nowhere")).toEqual([]);
      });

      // Incident: C6.
      test.each(["", " ann", "\u0131", "a\u0131n", "%", "an_"])("%j is nobody's", async (identifier) => {
        expect(await idsBy(identifier)).toEqual([]);
      });
    });

    describe("listing", () => {
      const realmId = "listing";
      const list = async (filter: Parameters<UserAdministration["list"]>[1]) =>
        idsOf(await directory.list(realmId, filter, { size: 10 }));

      beforeAll(async () => {
        for (const id of ["e", "c", "a", "d", "b"]) {
          await create(id, {
            realmId,
            organizationId: id < "c" ? "org-1" : "org-2",
            phone: { number: `+4144668180${id.codePointAt(0)! - 97}`, verified: true },
          });
        }
      });

      test("users come by id, a page at a time", async () => {
        const pages: string[][] = [];
        let after: string | undefined;
        do {
          const page = await directory.list(realmId, {}, { size: 2, ...(after !== undefined && { after }) });
          pages.push(idsOf(page));
          after = page.at(-1)?.id;
        } while (after !== undefined);
        expect(pages).toEqual([["a", "b"], ["c", "d"], ["e"], []]);
      });

      // Incident: C6
      test("identifiers are compared in their canonical form", async () => {
        expect(await list({ email: "C@mail.EXAMPLE" })).toEqual(["c"]);
        expect(await list({ userName: "\uff23@LOGIN.example" })).toEqual(["c"]);
        expect(await list({ phone: "+41 44 668 18 02" })).toEqual(["c"]);
        expect(await list({ email: "\u0441@mail.example" })).toEqual([]);
      });

      test("what is no identifier is nobody's", async () => {
        expect(await list({ email: "c@mail.example,d@mail.example" })).toEqual([]);
        expect(await list({ email: "" })).toEqual([]);
        expect(await list({ phone: "0446681802" })).toEqual([]);
      });

      test("every condition must hold", async () => {
        expect(await list({ organizationId: "org-1" })).toEqual(["a", "b"]);
        expect(await list({ organizationId: "org-2", email: "c@mail.example" })).toEqual(["c"]);
        expect(await list({ organizationId: "org-1", email: "c@mail.example" })).toEqual([]);
        expect(await list({ userName: "c@login.example", email: "d@mail.example" })).toEqual([]);
      });

      test("conditions and pages go together", async () => {
        const page = await directory.list(realmId, { organizationId: "org-2" }, { size: 2, after: "c" });
        expect(idsOf(page)).toEqual(["d", "e"]);
        expect(await directory.list(realmId, { email: "c@mail.example" }, { size: 2, after: "c" })).toEqual([]);
      });
    });

    describe("realms", () => {
      test("the same id, name and address may be in two realms, and neither sees or touches the other", async () => {
        const password = { hash: firstHash, changeRequired: false };
        const ours = await create("shared", { realmId: "ours", password });
        const theirs = await create("shared", { realmId: "theirs", password });
        expect(await directory.find("other", "shared")).toBeUndefined();
        expect(await directory.list("other", { email: "shared@mail.example" }, { size: 10 })).toEqual([]);

        await directory.changePassword(changeOf("shared", { realmId: "ours", expectedVersion: 1 }));
        expect(await directory.find("theirs", "shared")).toEqual(theirs);
        expect(await directory.passwordHash("theirs", "shared")).toBe(firstHash);

        await directory.delete("ours", ours.id, start + second);
        expect(await directory.find("theirs", "shared")).toEqual(theirs);
        expect(await directory.passwordHash("theirs", "shared")).toBe(firstHash);
        expect(await directory.list("theirs", { userName: ours.userName }, { size: 10 })).toEqual([theirs]);
      });
    });

    describe("the parts of a name", () => {
      const name = { given: "Ann", family: "Example", nick: "Annie" };

      test("are kept, changed and taken away with the profile", async () => {
        const user = await create("with-name", { name });
        expect(await directory.find("contract", "with-name")).toEqual(user);
        expect(user.name).toEqual(name);
        const change = async (profile: UserProfile, expectedSequence: number) =>
          written(
            await directory.update({
              realmId: "contract",
              userId: "with-name",
              now: start + second,
              profile,
              expectedSequence,
            }),
          );
        const renamed = await change(profileOf(user, { name: { ...name, nick: "" } }), user.sequence);
        expect(renamed.name).toEqual({ ...name, nick: "" });
        expect(await change(profileOf(user), renamed.sequence)).not.toHaveProperty("name");
      });
    });

    describe("searching", () => {
      const realmId = "searching";
      type Condition = UserSearch["condition"];
      type Text = Extract<Condition, { kind: "text" }>;
      const text = (field: Text["field"], of: string, match: Text["match"] = "equals", ignoreCase = false): Text => ({
        kind: "text",
        field,
        text: of,
        match,
        ignoreCase,
      });
      const everybody: Condition = { kind: "all", of: [] };
      const search = async (condition: Condition, changes: Partial<UserSearch> = {}) => {
        const order = { by: "id" as const, descending: false };
        const found = await directory.search(realmId, { condition, order, offset: 0, size: 10, ...changes });
        return { ids: idsOf(found.users), total: found.total };
      };
      const ids = async (condition: Condition) => (await search(condition)).ids;

      beforeAll(async () => {
        const named = (given: string, family: string) => ({ name: { given, family, nick: `${given}chen` } });
        await create("a", {
          realmId,
          userName: "Zoe",
          ...named("Änne", "Straße"),
          phone: { number: "+41446681811", verified: true },
        });
        await create("b", {
          realmId,
          userName: "yves@login.example",
          ...named("Bob", "Éxample"),
          organizationId: "org-2",
          now: start + second,
        });
        await create("c", { realmId, userName: "Xenia", state: "locked", displayName: "100% _real_ (c)" });
        await create("d", { realmId });
        const { email: _, phone: __, ...bare } = newUser("bare", { realmId });
        await directory.create(bare);
        await create("elsewhere", { realmId: "searching-too", userName: "Zoe" });
      });

      test.each<[string, Text, string[]]>([
        ["a name as it is written", text("userName", "Zoe"), ["a"]],
        ["a name in another case", text("userName", "zoe"), []],
        ["a name, its case aside", text("userName", "zOE", "equals", true), ["a"]],
        ["a name that is none", text("userName", " Zoe"), []],
        ["an address as it is written", text("email", "a@Mail.example"), ["a"]],
        ["an address in another case", text("email", "a@mail.example"), []],
        ["an address, its case aside", text("email", "A@mail.EXAMPLE", "equals", true), ["a"]],
        ["what is no address", text("email", ""), []],
        ["a number", text("phone", "+41446681811"), ["a"]],
        ["a given name, its case aside", text("givenName", "änne", "equals", true), ["a"]],
        ["a given name in another case", text("givenName", "änne"), []],
        ["the end of a family name", text("familyName", "ße", "ends_with"), ["a"]],
        ["the middle of a nickname", text("nickName", "bch", "contains"), ["b"]],
        ["the middle of a nickname, its case aside", text("nickName", "BCH", "contains", true), ["b"]],
        ["the start of a display name", text("displayName", "100%", "starts_with"), ["c"]],
        ["a sign that a database takes for any", text("displayName", "_real_", "contains"), ["c"]],
        ["another such sign", text("displayName", "%", "starts_with"), []],
        ["the start of an address, its case aside", text("email", "B@MAIL", "starts_with", true), ["b"]],
        ["any address", text("email", "", "contains"), ["a", "b", "c", "d"]],
        ["the end of any address", text("email", "", "ends_with"), ["a", "b", "c", "d"]],
        ["an organization", text("organizationId", "org-2"), ["b"]],
        ["a text that would be SQL", text("displayName", "' OR 1=1 --"), []],
      ])("%s", async (_name, condition, expected) => {
        expect(await ids(condition)).toEqual(expected);
      });

      test("a state, ids and addresses", async () => {
        expect(await ids({ kind: "state", state: "locked" })).toEqual(["c"]);
        expect(await ids({ kind: "one_of", field: "id", texts: ["d", "a", "nobody", "elsewhere"] })).toEqual([
          "a",
          "d",
        ]);
        const texts = ["b@Mail.example", "c@mail.example", "no address"];
        expect(await ids({ kind: "one_of", field: "email", texts })).toEqual(["b"]);
      });

      test("all, any and not combine, and mean something of nothing", async () => {
        const [isA, isB] = [text("userName", "Zoe"), text("email", "b@Mail.example")];
        expect(await ids({ kind: "any", of: [isA, isB] })).toEqual(["a", "b"]);
        expect(await ids({ kind: "any", of: [isA, text("displayName", "(c)", "ends_with")] })).toEqual(["a", "c"]);
        expect(await ids({ kind: "all", of: [isA, isB] })).toEqual([]);
        expect(await ids({ kind: "not", of: { kind: "any", of: [isA, isB] } })).toEqual(["bare", "c", "d"]);
        expect(await ids({ kind: "not", of: text("email", "@", "contains") })).toEqual(["bare"]);
        expect(await ids(everybody)).toEqual(["a", "b", "bare", "c", "d"]);
        expect(await ids({ kind: "any", of: [] })).toEqual([]);
        expect(await ids({ kind: "not", of: everybody })).toEqual([]);
      });

      test("a page, and how many there are on all", async () => {
        expect(await search(everybody, { offset: 1, size: 2 })).toEqual({ ids: ["b", "bare"], total: 5 });
        expect(await search(everybody, { offset: 9 })).toEqual({ ids: [], total: 5 });
        expect(await search(text("userName", "nobody"))).toEqual({ ids: [], total: 0 });
      });

      test.each<[UserSearch["order"]["by"], string[]]>([
        ["id", ["a", "b", "bare", "c", "d"]],
        ["userName", ["bare", "d", "c", "b", "a"]],
        ["givenName", ["bare", "c", "d", "b", "a"]],
        ["familyName", ["bare", "c", "d", "a", "b"]],
        ["nickName", ["bare", "c", "d", "b", "a"]],
        ["displayName", ["c", "a", "b", "bare", "d"]],
        ["email", ["bare", "a", "b", "c", "d"]],
        ["state", ["a", "b", "bare", "d", "c"]],
        ["createdAt", ["a", "bare", "c", "d", "b"]],
      ])("in the order of %s, both ways", async (by, expected) => {
        expect((await search(everybody, { order: { by, descending: false } })).ids).toEqual(expected);
        expect((await search(everybody, { order: { by, descending: true } })).ids).toEqual(expected.toReversed());
      });
    });

    test("what was written is there after a restart", async () => {
      await create("kept", { password: { hash: firstHash, changeRequired: false } });
      const user = written(await directory.changePassword(changeOf("kept", { expectedVersion: 1 })));
      directory = await opened.reopen();
      expect(await directory.find("contract", "kept")).toEqual(user);
      expect(await directory.passwordHash("contract", "kept")).toBe(secondHash);
      const again = await directory.changePassword(changeOf("kept", { expectedVersion: 1 }));
      expect(again).toEqual({ kind: "moved" });
    });
  });
}
