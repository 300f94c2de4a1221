// At which address may a user be reached? The directory's, and only if its owner has proven it.
//
// Guard: ASVS 5.0 6.6.1; NIST SP 800-63B-4 4.2.1.2.

import type { Channel } from "../delivery/courier.ts";
import type { User } from "../directory/directory.ts";

export function verifiedAddress({ email, phone }: User, channel: Channel): string | undefined {
  if (channel === "email") return email?.verified === true ? email.address : undefined;
  return phone?.verified === true ? phone.number : undefined;
}
