// What of a log entry must nobody read? Takes out secrets by the name of their field, and addresses wherever they stand.
//
// Guard: ASVS 5.0 16.2.5 (no code, password, hash or full address in a log).

/** Fields whose name, without case and separators, contains one of these are never written. */
const secretNames = /password|passphrase|authorization|cookie|secret|token|apikey|credential|digest|hash/;
/** `code` alone is a reset code; `statusCode` and the like are not. */
const codeNames = /^(code|(verification|reset|returned|recovery|short)code)$/;

/** An e-mail address, also URL-encoded. The lengths bound the work for a long text. Source: RFC 5321 4.5.3.1 (64, 255). */
const mailAddress = /[^\s@<>"'(),:;[\]\\]{1,64}(@|%40)([^\s@<>"'(),:;[\]\\/?&]{1,255})/g;
/** Spec: E.164, at most 15 digits. */
const phoneNumber = /\+[1-9]\d{6,14}(?!\d)/g;

/** A longer text is cut: nobody reads it, and a stranger may have written it. */
const longestText = 4096;
/** Deeper or longer than this is left out: an entry is a line, not a dump. */
const deepest = 5;
const mostEntries = 50;

export function redactFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return redactGroup(fields, 0);
}

/** A text without addresses. `ann@example.org` becomes `***@example.org`, a phone number `+***`. */
export function redactText(text: string): string {
  const short = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  if (!/[@+%]/.test(short)) return short;
  return short.replace(mailAddress, "***$1$2").replace(phoneNumber, "+***");
}

function redactGroup(group: object, depth: number): Record<string, unknown> {
  const entries = Object.entries(group).slice(0, mostEntries);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isSecret(name) ? "[redacted]" : redactValue(value, depth + 1)]),
  );
}

function isSecret(name: string): boolean {
  const plain = name.toLowerCase().replaceAll(/[-_. ]/g, "");
  return secretNames.test(plain) || codeNames.test(plain);
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return redactText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= deepest) return "[…]";
  if (Array.isArray(value)) return value.slice(0, mostEntries).map((entry) => redactValue(entry, depth + 1));
  return redactGroup(value, depth);
}

/** Only these of an error: drivers hang commands and answers on theirs. `code` is a system's word here, like ECONNREFUSED. */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const code: unknown = "code" in error ? error.code : undefined;
  return {
    type: name,
    message: redactText(message),
    ...(stack !== undefined && { stack: redactText(stack) }),
    ...((typeof code === "string" || typeof code === "number") && { code }),
    ...(cause !== undefined && depth < deepest && { cause: redactValue(cause, depth + 1) }),
  };
}
