// How does a caller get the next page of deliveries? With a token that says where the page before ended.

import type { ListPlace } from "../../delivery/outbox/outbox.ts";
import { nativeWords } from "./refusals.ts";

const form = /^(\d{1,16}) ([0-9a-f-]{36})$/;

export function placeTokenOf({ at, id }: ListPlace): string {
  return Buffer.from(`${at} ${id}`).toString("base64url");
}

/** Undefined for the first page. */
export function placeAfter(pageToken: string): ListPlace | undefined {
  if (pageToken === "") return undefined;
  const [, at, id] = form.exec(Buffer.from(pageToken, "base64url").toString()) ?? [];
  if (at === undefined || id === undefined) throw nativeWords.field("page_token", "is not a token of this list");
  return { at: Number(at), id };
}
