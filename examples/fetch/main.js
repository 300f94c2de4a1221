// How does a front end of one's own get people back in, without any library? A page with four screens, over fetch.

const screens = ["who", "code", "password", "done"];

/** What a person hears for each reason of docs/errors.md. */
const words = {
  CODE_INVALID: "This link or code is not right. Look at the newest message, or ask for another one.",
  CODE_EXPIRED: "This link or code is too old. Ask for another message.",
  CODE_USED: "This link or code was used. Ask for another message if you still need one.",
  CODE_REPLACED: "There is a newer message. Use that one.",
  CODE_BUSY: "Somebody is using this code at this moment. Try again.",
  TOO_MANY_TRIES: "Too many tries. The link in the message still works.",
  RECOVERY_BLOCKED: "Somebody said that it was not them who asked. Ask our support for help.",
  BOT_CHECK_REQUIRED: "This page cannot ask what has to be asked first. Ask our support for help.",
  BOT_CHECK_FAILED: "Your device took too long. Try again.",
  RATE_LIMITED: "Too many tries.",
  OVERLOADED: "There is much to do at this moment.",
  FIELD_INVALID: "This cannot be right. Look at what you typed.",
};

/** @typedef {{ token: string } | { code: { recoveryId: string, verificationCode: string } }} Proof */
/** @typedef {{ "@type": string, reason?: string, fieldViolations?: { description: string }[] }} Detail */

let recoveryId = "";
/** @type {Proof} */
let proof = { token: "" };
/** @type {ReturnType<typeof setInterval> | undefined} */
let counting;

on("who", start);
on("code", async () => await check({ code: { recoveryId, verificationCode: input("typed").value } }));
on("password", complete);
input("again").addEventListener("click", () => void trying(start));
addEventListener("hashchange", () => void trying(openLink));
await trying(openLink);

/** The same words for everybody: whether there is an account is nobody's business. */
async function start() {
  const wish = {
    realmId: setting("rekey-realm"),
    identifier: input("identifier").value,
    // Where the person was when the password was missing: `?from=/basket`.
    state: new URLSearchParams(location.search).get("from") ?? "",
  };
  const started = await call("", wish).catch(async (cause) => {
    // When many are asking, this browser has to work for its question.
    if (!String(cause.reason).startsWith("BOT_CHECK_")) throw cause;
    element("status").textContent = "One moment. Many are asking, so your device has a sum to do first.";
    return await call("", { ...wish, ...(await work()) });
  });
  ({ recoveryId } = started);
  element("request-number").textContent = started.requestNumber;
  countDown(Date.parse(started.retryDate));
  show("code");
}

/** A link works in any browser. Its token leaves the address bar at once, so that it stays in no history. */
async function openLink() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return;
  history.replaceState(null, "", location.pathname);
  await check({ token });
}

/** @param {Proof} shown */
async function check(shown) {
  const { hint, rules } = await call("/check", { proof: shown });
  proof = shown;
  element("hint").textContent = hint;
  element("rules").textContent = `At least ${rules.minLength} characters. A few words are easy to remember.`;
  show("password");
}

/** Signs nobody in: that is your application's part, with the new password. */
async function complete() {
  const { state = "" } = await call("/complete", { proof, newPassword: { password: input("new").value } });
  element("on").setAttribute("href", ownPage(state));
  show("done");
}

/** For when many are asking: does the sum that is wanted, or nothing where none is. Takes about a second. */
async function work() {
  const { proofOfWork } = await call(`/prepare?realm_id=${setting("rekey-realm")}`);
  if (proofOfWork === undefined) return {};
  const challenge = JSON.parse(proofOfWork.challenge);
  return { proofOfWork: btoa(JSON.stringify({ challenge, solution: await solve(challenge.parameters) })) };
}

/**
 * ALTCHA's sum: the first count whose key begins as it should. The same as `solveChallenge` of altcha-lib.
 *
 * @param {{ algorithm: string, nonce: string, salt: string, cost: number, keyLength: number, keyPrefix: string }} sum
 */
async function solve({ algorithm, nonce, salt, cost, keyLength, keyPrefix }) {
  const password = Uint8Array.fromHex(`${nonce}00000000`);
  const derivation = {
    name: "PBKDF2",
    hash: algorithm.replace("PBKDF2/", ""),
    salt: Uint8Array.fromHex(salt),
    iterations: cost,
  };
  for (let counter = 0; ; counter += 1) {
    new DataView(password.buffer).setUint32(nonce.length / 2, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const bits = await crypto.subtle.deriveBits(derivation, key, keyLength * 8);
    const derivedKey = new Uint8Array(bits).toHex();
    if (derivedKey.startsWith(keyPrefix)) return { counter, derivedKey };
  }
}

/**
 * Answers what Rekey does, or throws an Error in words for the person, with the reason.
 *
 * @param {string} path
 * @param {object} [body] Without one it only asks.
 */
async function call(path, body) {
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const url = `${setting("rekey-address")}/v1/recovery${path}`;
  const response = await fetch(url, body === undefined ? {} : post).catch(() => {
    throw new Error("We cannot be reached at this moment. Try again.");
  });
  const answer = await response.json();
  if (response.ok) return answer;
  /** @type {Detail[]} */
  const details = answer.details ?? [];
  const reason = details.find((detail) => detail.reason !== undefined)?.reason ?? "";
  const retryAfterSeconds = Number(response.headers.get("retry-after") ?? 0);
  throw Object.assign(new Error(wordsFor(reason, details, retryAfterSeconds)), { reason });
}

/**
 * @param {string} reason
 * @param {Detail[]} details
 * @param {number} retryAfterSeconds
 */
function wordsFor(reason, details, retryAfterSeconds) {
  if (reason === "PASSWORD_REJECTED") {
    const violations = details.flatMap(({ fieldViolations = [] }) => fieldViolations);
    return `Choose another password: ${violations.map(({ description }) => description).join("; ")}.`;
  }
  const said = new Map(Object.entries(words)).get(reason) ?? "That did not work. Try again later.";
  if (retryAfterSeconds <= 1 || reason === "TOO_MANY_TRIES") return said;
  const [count, unit] = retryAfterSeconds < 120 ? [retryAfterSeconds, "seconds"] : [retryAfterSeconds / 60, "minutes"];
  return `${said} Try again in ${Math.ceil(count)} ${unit}.`;
}

/**
 * Anybody can write a `from` into a link to this page: only a page of our own is gone to.
 *
 * @param {string} state
 */
function ownPage(state) {
  const url = URL.parse(state || "/", location.origin);
  return url?.origin === location.origin ? url.pathname + url.search : "/";
}

/**
 * Says when asking again makes sense, each second.
 *
 * @param {number} until
 */
function countDown(until) {
  clearInterval(counting);
  const again = input("again");
  const tell = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    again.disabled = seconds > 0;
    again.textContent = seconds > 0 ? `Send another message (in ${seconds} s)` : "Send another message";
    if (seconds <= 0) clearInterval(counting);
  };
  counting = setInterval(tell, 1000);
  tell();
}

/** @param {string} screen */
function show(screen) {
  for (const each of screens) element(each).hidden = each !== screen;
  // Who listens hears the new heading; who types goes on from there.
  element(screen).querySelector("h1")?.focus();
}

/**
 * @param {string} screen
 * @param {() => Promise<void>} work
 */
function on(screen, work) {
  element(screen).addEventListener("submit", (event) => {
    event.preventDefault();
    void trying(work);
  });
}

/** @param {() => Promise<void>} work */
async function trying(work) {
  const problem = element("problem");
  problem.textContent = "";
  await work().catch((cause) => {
    problem.textContent = cause.message;
  });
  element("status").textContent = "";
}

/** @param {string} name */
function setting(name) {
  return document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";
}

/** @param {string} id */
function input(id) {
  return /** @type {HTMLInputElement} */ (element(id));
}

/** @param {string} id */
function element(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}
