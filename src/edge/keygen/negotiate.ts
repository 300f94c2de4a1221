// In which media types does the vendor's API speak and listen? What Accept and Content-Type of a request mean.

/** Vendor: Keygen, one of these has to be acceptable; bare "*" is what some clients send. */
const spoken = new Set([
  "*/*",
  "*",
  "application/vnd.api+json",
  "application/vnd.keygen+json",
  "application/json",
  "application/octet-stream",
]);

/** Vendor: Keygen, forms and text are read as JSON too: a browser's fetch without a header says text/plain. */
const readAsJson = new Set([
  "",
  "application/vnd.api+json",
  "application/vnd.keygen+json",
  "application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data",
  "text/plain",
]);

export function isAcceptable(accept: string | null): boolean {
  return accept === null || typesOf(accept).some((type) => spoken.has(type));
}

/** A body of another type is not looked at. */
export function isReadAsJson(contentType: string | null): boolean {
  return readAsJson.has(typesOf(contentType ?? "")[0] ?? "");
}

/** Plain JSON is named so only to those who ask for that alone. */
export function answerType(accept: string | null): "application/vnd.api+json" | "application/json" {
  const types = typesOf(accept ?? "").filter((type) => spoken.has(type));
  const isPlain = types.length > 0 && types.every((type) => type === "application/json");
  return isPlain ? "application/json" : "application/vnd.api+json";
}

/** In lower case, without parameters. */
function typesOf(header: string): string[] {
  return header.split(",").map((entry) => (entry.split(";", 1)[0] ?? "").trim().toLowerCase());
}
