// Where does an application want to be told of events? A webhook endpoint, and what may be wrong with one.

import { isIP } from "node:net";

import { eventTypes, type EventType } from "../events.ts";
import { isLoopbackHost, isPublicAddress } from "./private-address.ts";
import { readSigningKey, secretForm } from "./signing-key.ts";

export type WebhookEndpoint = {
  /** Public: stands in logs and beside deliveries. Unique in its realm. */
  readonly id: string;
  readonly url: string;
  readonly events: readonly EventType[] | "all";
  /** The name of a vendor's form: see webhook-form.ts. Absent: our own. */
  readonly format?: string;
  /**
   * Each signs: the one in use, and while it is being rotated its successor. See signing-key.ts. Empty where a vendor's
   * form is signed by what the realm has of the vendor.
   */
  readonly secrets: readonly string[];
  /** Whether `password.reset.requested` brings the code along, for an application that sends it by itself. */
  readonly receivesCodes: boolean;
  /** Whether it may be inside: loopback, private networks. */
  readonly allowPrivate: boolean;
};

/** As it stands in a configuration. */
export type EndpointDraft = Omit<WebhookEndpoint, "events"> & { readonly events: readonly string[] | "all" };

/** An HMAC secret and an Ed25519 key, and the successor of each. */
const mostSecrets = 4;

export function wantsEvent({ events }: WebhookEndpoint, type: EventType): boolean {
  return events === "all" || events.includes(type);
}

/** The host of a URL as an address or a name: an IPv6 address without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.replaceAll(/^\[|\]$/g, "");
}

/** Sentences for whoever wrote it; empty when it can be used. They never quote a secret. */
export function endpointProblems(endpoint: EndpointDraft): string[] {
  return [
    ...(/^[a-z0-9-]{1,64}$/.test(endpoint.id) ? [] : ["The id has to be 1 to 64 of a-z, 0-9 and -."]),
    ...urlProblems(endpoint),
    ...eventProblems(endpoint),
    ...secretProblems(endpoint),
  ];
}

function urlProblems({ url: text, allowPrivate, receivesCodes }: EndpointDraft): string[] {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return ["The URL has to start with https:// and a host."];
  const host = hostOf(url);
  const isLoopback = isLoopbackHost(host);
  const isPlain = url.protocol === "http:";
  const problems: string[] = [];
  if (url.username !== "" || url.password !== "") problems.push("The URL may not hold a user name or a password.");
  if (isPlain && !(isLoopback && allowPrivate)) {
    problems.push(
      "The URL has to start with https://; http:// is for loopback endpoints that allow private addresses.",
    );
  }
  if (isPlain && receivesCodes) problems.push("An endpoint that receives codes needs https://, on loopback too.");
  if (!allowPrivate && (isLoopback || (isIP(host) !== 0 && !isPublicAddress(host)))) {
    problems.push("The URL leads to a private address: allow private addresses for this endpoint if that is meant.");
  }
  return problems;
}

function eventProblems({ events, receivesCodes }: EndpointDraft): string[] {
  if (events === "all") return [];
  const known = eventTypes.join(", ");
  if (events.length === 0) return [`The list of events is empty: write "all", or some of ${known}.`];
  const problems = events.flatMap((event, at) =>
    eventTypes.some((type) => type === event) ? [] : [`Event ${at + 1} is not known: the events are ${known}.`],
  );
  if (receivesCodes && !events.includes("password.reset.requested")) {
    problems.push("Codes come with password.reset.requested, which is not among the events.");
  }
  return problems;
}

function secretProblems({ format, secrets }: EndpointDraft): string[] {
  if (format !== undefined) {
    return secrets.length === 0 ? [] : ["The realm's own key signs webhooks of this format: leave the secrets out."];
  }
  if (secrets.length === 0) return [`At least one secret is needed: ${secretForm}.`];
  if (secrets.length > mostSecrets) return [`At most ${mostSecrets} secrets can be in use at a time.`];
  return secrets.flatMap((secret, at) => {
    if (secrets.indexOf(secret) !== at) return [`Secret ${at + 1} is there twice.`];
    return readSigningKey(secret) === undefined ? [`Secret ${at + 1} cannot sign: it has to be ${secretForm}.`] : [];
  });
}
