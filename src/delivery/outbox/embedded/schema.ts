// Which tables does the embedded outbox keep? Their whole history, oldest first: never edited, only added to.

export const outboxSchema: readonly string[] = [
  // `due_at` is when the next attempt is due, or when the lease of the one under way runs out: whoever finds it in the
  // past may take the delivery. `holder` names who attempts it. The payload is last: what is listed is read without it.
  `CREATE TABLE deliveries (
     id TEXT NOT NULL UNIQUE,
     realm_id TEXT NOT NULL,
     user_id TEXT NOT NULL,
     target TEXT NOT NULL,
     endpoint_id TEXT,
     subject TEXT NOT NULL,
     request_number TEXT NOT NULL,
     remake TEXT,
     created_at INTEGER NOT NULL,
     expires_at INTEGER NOT NULL,
     state TEXT NOT NULL,
     attempts INTEGER NOT NULL,
     problem TEXT,
     delivered_by TEXT,
     due_at INTEGER NOT NULL,
     holder TEXT,
     ended_at INTEGER,
     payload BLOB
   ) STRICT;
   CREATE INDEX deliveries_due ON deliveries (due_at) WHERE state = 'waiting';
   CREATE INDEX deliveries_of_realm ON deliveries (realm_id, state, created_at);
   CREATE INDEX deliveries_ended ON deliveries (state, ended_at);`,
];
