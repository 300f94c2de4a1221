// What may an API key be allowed to do?

/** Each is granted by itself; none implies another. */
export const permissions = [
  /** Have a reset message sent to a user. */
  "password.send_link",
  /** Have a code returned: whoever holds it can set the password. Guard: ASVS 5.0 6.4.6. */
  "password.return_code",
  /** Check codes, and set a password with one. */
  "password.set_with_code",
  /** Set a password with the current one. */
  "password.set_with_current",
  /** Set a password without any proof. Guard: ASVS 5.0 6.4.6. */
  "password.set",
  /** Store ready hashes. */
  "password.import",
  "users.read",
  "users.write",
  /** See what became of messages and webhooks. */
  "deliveries.read",
  /** Send dead ones again, drop them. */
  "deliveries.write",
  /** Read the messages that the demo captures. */
  "inbox.read",
] as const;

export type Permission = (typeof permissions)[number];
