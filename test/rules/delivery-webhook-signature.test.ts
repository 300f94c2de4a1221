// How is a webhook signed? Spec: Standard Webhooks 1.0.0, signature scheme.

import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";

import { signWebhook } from "../../src/delivery/webhook/sign.ts";
import { ed25519Secret, hmacSecret, isSignedBy } from "../support/webhook-secrets.ts";

/** The vectors that the specification's authors test their own servers with. */
const known = {
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  at: 1_614_265_330_000,
  body: Buffer.from('{"test": 2432232314}'),
};
const knownSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const knownSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const knownKey = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
const knownKeySignature =
  "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

test("signs the known message as others do, with HMAC-SHA-256", () => {
  expect(signWebhook(known, [knownSecret])).toEqual({
    "webhook-id": known.id,
    "webhook-timestamp": "1614265330",
    "webhook-signature": knownSignature,
  });
});

test("signs the known message as others do, with Ed25519", () => {
  expect(signWebhook(known, [knownKey])["webhook-signature"]).toBe(knownKeySignature);
});

test("a private key may stand without its public key", () => {
  const seed = Buffer.from(knownKey.slice("whsk_".length), "base64").subarray(0, 32).toString("base64");
  expect(signWebhook(known, [`whsk_${seed}`])["webhook-signature"]).toBe(knownKeySignature);
});

test("signs with every secret, in their order", () => {
  const { "webhook-signature": signatures } = signWebhook(known, [knownSecret, knownKey]);
  expect(signatures).toBe(`${knownSignature} ${knownKeySignature}`);
});

test("while a secret is rotated, a receiver with the old and one with the new both verify", () => {
  const [older, newer] = [hmacSecret(), hmacSecret()];
  const { secret, publicKey } = ed25519Secret();
  const body = Buffer.from('{"name":"Zoë 🗝"}');
  const headers = signWebhook({ id: "1", at: Date.now(), body }, [newer, older, secret]);
  for (const each of [older, newer]) expect(new Webhook(each).verify(body, headers)).toEqual({ name: "Zoë 🗝" });
  expect(() => new Webhook(hmacSecret()).verify(body, headers)).toThrow("No matching signature");
  const received = { method: "POST", path: "/", headers, body: body.toString() };
  expect(isSignedBy(publicKey, received)).toBe(true);
  expect(isSignedBy(ed25519Secret().publicKey, received)).toBe(false);
});

test("a changed id, time or byte is noticed", () => {
  const secret = hmacSecret();
  const body = Buffer.from("{}");
  const headers = signWebhook({ id: "1", at: Date.now(), body }, [secret]);
  const later = String(Number(headers["webhook-timestamp"]) + 1);
  const receiver = new Webhook(secret);
  expect(() => receiver.verify(body, { ...headers, "webhook-id": "2" })).toThrow("No matching signature");
  expect(() => receiver.verify(body, { ...headers, "webhook-timestamp": later })).toThrow("No matching signature");
  expect(() => receiver.verify("{} ", headers)).toThrow("No matching signature");
});
