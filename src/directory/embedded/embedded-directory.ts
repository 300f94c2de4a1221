// Who are the users, where no application keeps them? A directory in the one file of the embedded stores.

import type { Database } from "../../sqlite/database.ts";
import type { Directory, UserAdministration } from "../directory.ts";
import { makeFindByIdentifier } from "./find-by-identifier.ts";
import { makeListUsers } from "./list-users.ts";
import { makeSearchUsers } from "./search-users.ts";
import { directorySchema } from "./schema.ts";
import { profileColumns, rowOf, userColumns, userOf } from "./user-row.ts";
import type { UserRow } from "./user-row.ts";

/**
 * Every write is one transaction, safe beside other processes on the same file. Imports and synchronizations make and
 * change many users at a time: those share commits.
 */
export function openEmbeddedDirectory(database: Database): Directory & UserAdministration {
  const { sqlite } = database;
  database.migrate("directory", directorySchema);

  const one = "realm_id = ? AND user_id = ?";
  /** Moves with every change, and is never behind the clock of the change. */
  const moveOn = "sequence = max(sequence + 1, $now), changed_at = $now";
  const sessionsEnd = "max(ifnull(sessions_valid_from, 0), $now)";
  const same = "realm_id = $realm_id AND user_id = $user_id";

  const selectUser = sqlite.prepare(`SELECT ${userColumns} FROM directory_users WHERE ${one}`);
  // What most calls do. With its columns by place a row costs half as much as with their names.
  const findUser = sqlite.prepare(`SELECT ${userColumns} FROM directory_users WHERE ${one}`);
  findUser.setReturnArrays(true);
  const selectHash = sqlite.prepare(`SELECT hash FROM directory_password_hashes WHERE ${one}`);
  const selectNameHolder = sqlite.prepare(
    "SELECT user_id FROM directory_users WHERE realm_id = ? AND user_name_key = ? AND user_id <> ?",
  );
  const insertUser = sqlite.prepare(
    `INSERT INTO directory_users (${userColumns}, user_name_key, email_key)
     VALUES ($realm_id, $user_id, $organization_id, $user_name, $display_name, $email_address, $email_verified,
       $phone_number, $phone_verified, $preferred_language, $state, $password_version, $password_change_required,
       $password_changed_at, max(1, $now), $now, $now, NULL, $person_name, $user_name_key, $email_key)
     RETURNING ${userColumns}`,
  );
  const updateProfile = sqlite.prepare(
    `UPDATE directory_users SET organization_id = $organization_id, user_name = $user_name,
       user_name_key = $user_name_key, display_name = $display_name, person_name = $person_name, email_address = $email_address,
       email_key = $email_key, email_verified = $email_verified, phone_number = $phone_number,
       phone_verified = $phone_verified, preferred_language = $preferred_language, state = $state, ${moveOn}
     WHERE ${same} AND sequence = $expected_sequence RETURNING ${userColumns}`,
  );
  const updatePassword = sqlite.prepare(
    `UPDATE directory_users SET password_version = password_version + 1, password_changed_at = $now,
       password_change_required = $change_required,
       sessions_valid_from = iif($end_sessions, ${sessionsEnd}, sessions_valid_from), ${moveOn}
     WHERE ${same} AND password_version = $expected_version RETURNING ${userColumns}`,
  );
  const updateVersion = sqlite.prepare(
    `UPDATE directory_users SET password_version = password_version + 1, sessions_valid_from = ${sessionsEnd}, ${moveOn}
     WHERE ${same} RETURNING ${userColumns}`,
  );
  const upsertHash = sqlite.prepare(
    `INSERT INTO directory_password_hashes (realm_id, user_id, hash) VALUES (?, ?, ?)
     ON CONFLICT (realm_id, user_id) DO UPDATE SET hash = excluded.hash`,
  );
  const deleteUser = sqlite.prepare(`DELETE FROM directory_users WHERE ${one} RETURNING ${userColumns}`);
  const listUsers = makeListUsers(sqlite);
  const searchUsers = makeSearchUsers(sqlite);
  const findByIdentifier = makeFindByIdentifier(sqlite);

  function isThere(realmId: string, userId: string): boolean {
    return selectUser.get(realmId, userId) !== undefined;
  }

  return {
    async find(realmId, userId) {
      const values = database.read(() => findUser.get(realmId, userId)) as readonly unknown[] | undefined;
      return values && userOf(rowOf(values));
    },

    async findByIdentifier(realmId, identifier) {
      return database.read(() => findByIdentifier(realmId, identifier)).map(userOf);
    },

    async passwordHash(realmId, userId) {
      return database.read(() => selectHash.get(realmId, userId))?.["hash"] as string | undefined;
    },

    async changePassword({ realmId, userId, now, hash, changeRequired, expectedVersion, endSessions }) {
      return database.transaction(() => {
        const row = updatePassword.get({
          realm_id: realmId,
          user_id: userId,
          now,
          change_required: Number(changeRequired),
          expected_version: expectedVersion,
          end_sessions: Number(endSessions),
        });
        if (row === undefined) return { kind: isThere(realmId, userId) ? "moved" : "gone" };
        upsertHash.run(realmId, userId, hash);
        return { kind: "written", user: userOf(row as UserRow) };
      });
    },

    async invalidate({ realmId, userId, now }) {
      const row = database.transaction(() => updateVersion.get({ realm_id: realmId, user_id: userId, now }));
      return row === undefined ? { kind: "gone" } : { kind: "written", user: userOf(row as UserRow) };
    },

    async create({ id, realmId, now, password, ...profile }) {
      const { userNameKey, columns } = profileColumns(profile);
      return database.gathered(() => {
        if (isThere(realmId, id)) return { kind: "taken", field: "user_id" };
        if (selectNameHolder.get(realmId, userNameKey, id)) return { kind: "taken", field: "user_name" };
        const row = insertUser.get({
          ...columns,
          realm_id: realmId,
          user_id: id,
          password_version: password === undefined ? 0 : 1,
          password_change_required: Number(password?.changeRequired ?? false),
          password_changed_at: password === undefined ? null : now,
          now,
        });
        if (password !== undefined) upsertHash.run(realmId, id, password.hash);
        return { kind: "written", user: userOf(row as UserRow) };
      });
    },

    async list(realmId, filter, page) {
      return database.read(() => listUsers(realmId, filter, page)).map(userOf);
    },

    async search(realmId, search) {
      const { rows, total } = database.read(() => searchUsers(realmId, search));
      return { users: rows.map(userOf), total };
    },

    async update({ realmId, userId, now, profile, expectedSequence }) {
      const { userNameKey, columns } = profileColumns(profile);
      return database.gathered(() => {
        const found = selectUser.get(realmId, userId);
        if (found === undefined) return { kind: "gone" };
        if (found["sequence"] !== expectedSequence) return { kind: "moved" };
        if (selectNameHolder.get(realmId, userNameKey, userId)) return { kind: "taken", field: "user_name" };
        const row = updateProfile.get({
          ...columns,
          realm_id: realmId,
          user_id: userId,
          now,
          expected_sequence: expectedSequence,
        });
        return { kind: "written", user: userOf(row as UserRow) };
      });
    },

    async delete(realmId, userId, now) {
      const row = database.transaction(() => deleteUser.get(realmId, userId)) as UserRow | undefined;
      if (row === undefined) return { kind: "gone" };
      // The write-ahead log still holds the pages of before, rows and all: empty it.
      database.read(() => sqlite.exec("PRAGMA wal_checkpoint(TRUNCATE)"));
      const last = { ...row, sequence: Math.max(row.sequence + 1, now), changed_at: now };
      return { kind: "deleted", user: userOf(last) };
    },
  };
}
