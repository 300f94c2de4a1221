// How does a front end of one's own get people back in? A page with four screens, over connect-web.

import { failureOf, openRecovery, type Proof } from "./recovery.ts";
import { wordsFor } from "./words.ts";

const screens = ["who", "code", "password", "done"] as const;
type Screen = (typeof screens)[number];

const recovery = openRecovery(setting("rekey-address"), setting("rekey-realm"));
const [problem, status] = [element("problem"), element("status")];
const [identifier, typed, password] = [input("identifier"), input("typed"), input("new")];
const again = element("again") as HTMLButtonElement;

let recoveryId = "";
let proof: Proof = {};
let counting: ReturnType<typeof setInterval> | undefined;

on("who", start);
on("code", async () => {
  await check({ proof: { case: "code", value: { recoveryId, verificationCode: typed.value } } });
});
on("password", complete);
again.addEventListener("click", () => void trying(start));
addEventListener("hashchange", () => void trying(openLink));
await trying(openLink);

/** The same words for everybody: whether there is an account is nobody's business. */
async function start(): Promise<void> {
  const ask = async (work?: string) => await recovery.start(identifier.value, wantedPage(), work);
  const started = await ask().catch(async (cause: unknown) => {
    // When many are asking, this browser has to work for its question.
    if (!failureOf(cause).reason.startsWith("BOT_CHECK_")) throw cause;
    status.textContent = "One moment. Many are asking, so your device has a sum to do first.";
    return await ask(await recovery.work());
  });
  ({ recoveryId } = started);
  element("request-number").textContent = started.requestNumber;
  countDown(started.retryAt);
  show("code");
}

/** A link works in any browser. Its token leaves the address bar at once, so that it stays in no history. */
async function openLink(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return;
  history.replaceState(null, "", location.pathname);
  await check({ proof: { case: "token", value: token } });
}

async function check(shown: Proof): Promise<void> {
  const { hint, minLength } = await recovery.check(shown);
  proof = shown;
  element("hint").textContent = hint;
  element("rules").textContent = `At least ${minLength} characters. A few words are easy to remember.`;
  show("password");
}

/** Signs nobody in: that is your application's part, with the new password. */
async function complete(): Promise<void> {
  const { state } = await recovery.complete(proof, password.value);
  element("on").setAttribute("href", ownPage(state));
  show("done");
}

/** Where the person was when the password was missing: `?from=/basket`. */
function wantedPage(): string {
  return new URLSearchParams(location.search).get("from") ?? "";
}

/** Anybody can write a `from` into a link to this page: only a page of our own is gone to. */
function ownPage(state: string): string {
  const url = URL.parse(state || "/", location.origin);
  return url?.origin === location.origin ? url.pathname + url.search : "/";
}

/** Says when asking again makes sense, each second. */
function countDown(until: number): void {
  clearInterval(counting);
  const tell = () => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    again.disabled = seconds > 0;
    again.textContent = seconds > 0 ? `Send another message (in ${seconds} s)` : "Send another message";
    if (seconds <= 0) clearInterval(counting);
  };
  counting = setInterval(tell, 1000);
  tell();
}

function show(screen: Screen): void {
  for (const each of screens) element(each).hidden = each !== screen;
  // Who listens hears the new heading; who types goes on from there.
  element(screen).querySelector("h1")?.focus();
}

function on(screen: Screen, work: () => Promise<void>): void {
  element(screen).addEventListener("submit", (event) => {
    event.preventDefault();
    void trying(work);
  });
}

async function trying(work: () => Promise<void>): Promise<void> {
  problem.textContent = "";
  await work().catch((cause: unknown) => {
    problem.textContent = wordsFor(failureOf(cause));
  });
  status.textContent = "";
}

function setting(name: string): string {
  return document.querySelector(`meta[name="${name}"]`)?.getAttribute("content") ?? "";
}

function input(id: string): HTMLInputElement {
  return element(id) as HTMLInputElement;
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}
