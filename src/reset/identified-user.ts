// Whose is what somebody typed to say who they are? One user's, or nobody's.

import type { Directory, User } from "../directory/directory.ts";

/** An identifier that is two people's is nobody's. The same work whoever it is. Incident: C6, C9. */
export async function identifiedUser(
  directory: Pick<Directory, "findByIdentifier">,
  realmId: string,
  identifier: string,
): Promise<User | undefined> {
  const [user, ...others] = await directory.findByIdentifier(realmId, identifier);
  return others.length > 0 ? undefined : user;
}
