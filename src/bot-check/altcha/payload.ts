// What does an answer look like? ALTCHA's payload, in exactly the form of the challenges that we make.
//
// What is read here is nobody's word yet: the signature is looked at later. Anything else than our own form is refused
// before it can cost anything: another algorithm, other iterations, a challenge of another version.

import { z } from "zod";

/** Browsers have it in WebCrypto, so that solving needs neither WebAssembly nor eval. */
export const algorithm = "PBKDF2/SHA-256";
/** For one key, in iterations: enough that a browser's own work around each call hardly counts. */
export const iterations = 1000;
/** In bytes: the library's own lengths. Of the key, its first half is told. */
const keyBytes = 32;
const nonceBytes = 16;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));

const parameters = z.strictObject({
  algorithm: z.literal(algorithm),
  cost: z.literal(iterations),
  keyLength: z.literal(keyBytes),
  nonce: hex(nonceBytes),
  salt: hex(nonceBytes),
  keyPrefix: hex(keyBytes / 2),
  keySignature: hex(keyBytes),
  expiresAt: z.int().positive(),
  data: z.strictObject({ realm: z.string(), price: z.int().positive(), key: z.int() }),
});

const schema = z.object({
  challenge: z.object({ parameters, signature: hex(keyBytes) }),
  solution: z.object({ counter: z.number(), derivedKey: z.string() }),
});

export type Payload = z.output<typeof schema>;

export function readPayload(text: string): Payload | undefined {
  try {
    const read = schema.safeParse(JSON.parse(Buffer.from(text, "base64").toString()));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
