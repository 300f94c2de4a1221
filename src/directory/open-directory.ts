// Where does this realm's directory come from? Loads the implementation that was chosen, and no other.

import type { Database } from "../sqlite/database.ts";
import type { Directory, UserAdministration } from "./directory.ts";

export type DirectoryChoice = { readonly kind: "embedded"; readonly database: Database };

/** The embedded directory lives in `database` and closes with it. */
export async function openDirectory(choice: DirectoryChoice): Promise<Directory & UserAdministration> {
  const { openEmbeddedDirectory } = await import("./embedded/embedded-directory.ts");
  return openEmbeddedDirectory(choice.database);
}
