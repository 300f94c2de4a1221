// How does somebody see which account it is, without its address being told? A hint: "a…@e….org", "+1…23".

import type { User } from "../directory/directory.ts";

/** Empty where there is no verified address. First letters are whole characters, not halves of them. */
export function maskedAddress({ email, phone }: User): string {
  if (email?.verified === true) return maskedMail(email.address);
  if (phone?.verified === true) return `${phone.number.slice(0, 2)}…${phone.number.slice(-2)}`;
  return "";
}

/** The last label of the domain stays: it tells least and helps most. */
function maskedMail(address: string): string {
  const [local = "", domain = ""] = address.split("@");
  return `${firstOf(local)}…@${firstOf(domain)}…${domain.slice(domain.lastIndexOf("."))}`;
}

function firstOf(text: string): string {
  return Array.from(text)[0] ?? "";
}
