// Which tables does the embedded directory keep? Their whole history, oldest first: never edited, only added to.

export const directorySchema: readonly string[] = [
  // The key columns hold canonical identifiers. The hash rests apart, so that reading a user never touches it.
  `CREATE TABLE directory_users (
     realm_id TEXT NOT NULL,
     user_id TEXT NOT NULL,
     organization_id TEXT NOT NULL,
     user_name TEXT NOT NULL,
     user_name_key TEXT NOT NULL,
     display_name TEXT NOT NULL,
     email_address TEXT,
     email_key TEXT,
     email_verified INTEGER NOT NULL,
     phone_number TEXT,
     phone_verified INTEGER NOT NULL,
     preferred_language TEXT NOT NULL,
     state TEXT NOT NULL,
     password_version INTEGER NOT NULL,
     password_change_required INTEGER NOT NULL,
     password_changed_at INTEGER,
     sequence INTEGER NOT NULL,
     created_at INTEGER NOT NULL,
     changed_at INTEGER NOT NULL,
     PRIMARY KEY (realm_id, user_id),
     UNIQUE (realm_id, user_name_key)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX directory_users_by_email ON directory_users (realm_id, email_key, user_id) WHERE email_key IS NOT NULL;
   CREATE INDEX directory_users_by_phone ON directory_users (realm_id, phone_number, user_id)
     WHERE phone_number IS NOT NULL;
   CREATE TABLE directory_password_hashes (
     realm_id TEXT NOT NULL,
     user_id TEXT NOT NULL,
     hash TEXT NOT NULL,
     PRIMARY KEY (realm_id, user_id),
     FOREIGN KEY (realm_id, user_id) REFERENCES directory_users ON DELETE CASCADE
   ) STRICT, WITHOUT ROWID;`,
  "ALTER TABLE directory_users ADD COLUMN sessions_valid_from INTEGER;",
  // JSON, because most users have none, and nobody is found by it through an index.
  "ALTER TABLE directory_users ADD COLUMN person_name TEXT;",
];
