// How dear may a hash be that somebody brings along? Above this it is refused before any work. Incident: C28.

/**
 * Each limit lies well above what its source asks for, and keeps one verification within two seconds of one thread
 * (measured at 0.3 to 1.7) and 256 MiB, so that one hash that somebody imports can not stop the machine.
 */
export const limits = {
  /** RFC 9106 §4 asks for 64 MiB with 3 passes where memory is short; its other choice, 2 GiB, is beyond us. */
  argon2: { memoryKib: 256 * 1024, passes: 10, lanes: 8 },
  /** Zitadel writes 14, most others 10 to 12. */
  bcrypt: { cost: 15 },
  /** OWASP asks for N = 2^17, r = 8, p = 1: 128 MiB. The bytes are 128·N·r·p, the work of all blocks together. */
  scrypt: { logN: 18, blockSize: 32, parallel: 16, bytes: 256 * 1024 * 1024 },
  /** OWASP asks for 600,000 of SHA-256 and 210,000 of SHA-512. */
  pbkdf2: { iterations: 2_000_000 },
} as const;
