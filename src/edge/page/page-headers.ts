// Which headers guard the page? What it may load, where it may send, and who may look at it.
//
// Beside those of every answer: no-store, no-referrer, nosniff, and HSTS under TLS (see edge/http/security-headers).
// The page needs no cookie and sets none. Guard: ASVS 5.0 3.4.3 to 3.4.8; Incident: C26.

/** Everything from this host, nothing inline, no other host, in nobody's frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** A script that is a worker lives under the policy of its own answer. */
const assetPolicy = "default-src 'none'; script-src 'self'; frame-ancestors 'none'";

/** Opened by itself, an SVG is a document: it may look as it likes, and do nothing. */
const logoPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

const own = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

export const pageHeaders = { ...own, "content-type": "text/html; charset=utf-8", "content-security-policy": policy };

/** Kept, but asked about each time: a new release of the page is there at once, for 200 bytes. */
const kept = { "cache-control": "no-cache" };

export const assetHeaders = { ...own, ...kept, "content-security-policy": assetPolicy };

export const logoHeaders = { ...own, ...kept, "content-security-policy": logoPolicy };
