// What stands in a page token? The last user id of the page before, in a form that nobody takes for an offset.

import { nativeWords } from "./refusals.ts";

export function pageTokenOf(userId: string): string {
  return Buffer.from(`after:${userId}`).toString("base64url");
}

/** The user id that a token names; `undefined` for the first page. Refuses what is not a token of ours. */
export function userIdAfter(pageToken: string): string | undefined {
  if (pageToken === "") return undefined;
  const text = Buffer.from(pageToken, "base64url").toString();
  if (!text.startsWith("after:")) throw nativeWords.field("page_token", "is not a token of this list");
  return text.slice("after:".length);
}
