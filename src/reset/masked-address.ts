// How does somebody see which account it is, without its address being told? A hint: "a…@e….org", "+1…23".

import type { User } from "../directory/directory.ts";
import { verifiedAddress } from "./verified-address.ts";

/** Empty where there is no verified address. First letters are whole characters, not halves of them. */
export function maskedAddress(user: User): string {
  const address = verifiedAddress(user, "email");
  if (address !== undefined) return maskedMail(address);
  const number = verifiedAddress(user, "sms");
  return number === undefined ? "" : `${number.slice(0, 2)}…${number.slice(-2)}`;
}

/** The last label of the domain stays: it tells least and helps most. */
function maskedMail(address: string): string {
  const [local = "", domain = ""] = address.split("@");
  return `${firstOf(local)}…@${firstOf(domain)}…${domain.slice(domain.lastIndexOf("."))}`;
}

function firstOf(text: string): string {
  return Array.from(text)[0] ?? "";
}
