// What does a form do, and where does it lead? The steps of a recovery without script, by the acts of the API.
//
// Asking leads on by a redirect, and so does the end: to load a page again asks for nothing twice. What a redirect's
// address holds is no secret: a sealed request is good for nothing without the code. Codes and tokens go by POST only.

import type { Dialect } from "../../reset/dialect.ts";
import type { PresentRecovery } from "../../reset/present-recovery.ts";
import type { ReopenRecovery } from "../../reset/reopen-recovery.ts";
import type { StartRecovery } from "../../reset/start-recovery.ts";
import type { VetoRecovery } from "../../reset/veto-recovery.ts";
import { type Clock, type Milliseconds, minute } from "../../units.ts";
import { requestNumberKey } from "../http/call-values.ts";
import { callerKey, publicCallOf } from "../http/caller-value.ts";
import type { ExchangeContext } from "../http/exchange.ts";
import type { Markup } from "./markup.ts";
import { linkIn } from "./pasted-link.ts";
import type { RecordStep } from "./record-step.ts";
import type { PageRefusal } from "./refusals.ts";
import { type Origin, originOf } from "./origin.ts";
import {
  endScreen,
  type FormProof,
  identifyScreen,
  linkScreen,
  passwordScreen,
  type SentRequest,
  sentScreen,
  vetoedScreen,
  vetoScreen,
} from "./screens.ts";
import { blockedText, waitText } from "./time-texts.ts";
import type { Visit } from "./visit.ts";

export type FormAnswer =
  | { readonly kind: "screen"; readonly status: number; readonly screen: Markup; retryAfterMs?: Milliseconds }
  | { readonly kind: "moved"; readonly address: string };

export type TakeForm = (
  visit: Visit,
  fields: ReadonlyMap<string, string>,
  context: ExchangeContext,
) => Promise<FormAnswer>;

/** Spec: RFC 9110 §15.5.21: understood, and not taken. */
const notTaken = 422;
/** Spec: RFC 6585 §4. */
const tooEarly = 429;

const invalidLink: PageRefusal = { kind: "end", end: "invalid", status: 400 };

/** In the address of the last screen: the person was signed out everywhere. */
export const signedOut = "signed-out";

export function makeTakeForm(deps: {
  readonly start: StartRecovery;
  readonly reopen: ReopenRecovery;
  readonly present: PresentRecovery;
  readonly veto: VetoRecovery;
  readonly dialect: Dialect;
  readonly recordStep: RecordStep;
  readonly clock: Clock;
}): TakeForm {
  const { start, reopen, present, veto, dialect, recordStep, clock } = deps;

  return async function takeForm(visit, fields, context) {
    const { code: words } = visit.texts;
    const recoveryId = fields.get("recovery_id");
    switch (fields.get("step")) {
      case "start":
        return await ask(
          visit,
          fields.get("identifier") ?? "",
          originOf(visit, (name) => fields.get(name)),
          context,
        );

      case "again":
        return await askAgain(
          visit,
          { recoveryId: recoveryId ?? "", requestNumber: fields.get("request_number") },
          context,
        );

      case "code": {
        const request = { recoveryId: recoveryId ?? "", requestNumber: fields.get("request_number") };
        const again = (wrong: string) => screen(sentScreen(visit, request, { wrong }), notTaken);
        const code = (fields.get("code") ?? "").trim();
        if (code === "") return again(words.empty);
        const proof: FormProof = { kind: "code", recoveryId: request.recoveryId, code };
        return await check(visit, proof, context, () => again(words.wrong));
      }

      case "link": {
        const again = () => screen(linkScreen(visit, words.linkWrong), notTaken);
        const link = linkIn(fields.get("link") ?? "");
        if (link?.kind === "veto") return screen(vetoScreen(visit, link.token), 200);
        return link === undefined ? again() : await check(visit, { kind: "token", token: link.token }, context, again);
      }

      case "password": {
        const token = fields.get("token");
        const proof: FormProof =
          token === undefined
            ? { kind: "code", recoveryId: recoveryId ?? "", code: fields.get("code") ?? "" }
            : { kind: "token", token };
        return await complete(visit, proof, fields.get("password") ?? "", context);
      }

      case "veto":
        return await protect(visit, fields.get("token") ?? "", context);

      default:
        return screen(endScreen(visit, visit.texts.ends.foreign), 400);
    }
  };

  async function ask(visit: Visit, typed: string, origin: Origin, context: ExchangeContext): Promise<FormAnswer> {
    const identifier = typed.trim();
    // As long as the API takes: no name or address is longer.
    if (identifier === "" || identifier.length > 254) {
      return screen(identifyScreen(visit, origin, typed, visit.texts.identify.empty), notTaken);
    }
    return await begin(visit, { identifier, ...origin }, context);
  }

  /** Whoever asked is named by what they hold: the name itself is nowhere on the page, nor in its address. */
  async function askAgain(visit: Visit, request: SentRequest, context: ExchangeContext): Promise<FormAnswer> {
    const reopened = reopen(visit.caller, request.recoveryId);
    switch (reopened.kind) {
      case "open": {
        const { kind: _, ...asked } = reopened;
        return await begin(visit, asked, context, { again: "1" });
      }
      case "early": {
        const { retryAfterMs } = reopened;
        return { ...screen(sentScreen(visit, request, { retryAfterMs }), tooEarly), retryAfterMs };
      }
      case "over":
        return refused(visit, { kind: "end", end: "expired", status: 410 });
    }
  }

  /** `more`: what the next screen is told in its address. */
  async function begin(
    visit: Visit,
    asked: Origin & { readonly identifier: string },
    context: ExchangeContext,
    more: Readonly<Record<string, string>> = {},
  ): Promise<FormAnswer> {
    const { caller, chosenLanguage: language } = visit;
    const call = { caller, address: context.address, requestId: context.requestId };
    context.values.set(callerKey, caller);
    const end = await recordStep("recovery.started", context, async () => {
      const started = await start(call, { ...asked, language, botAnswer: "no_script" });
      context.values.set(requestNumberKey, started.requestNumber);
      return started;
    });
    if (end.kind === "refused") return refused(visit, end.refusal);
    const { recoveryId, requestNumber } = end.answer;
    return {
      kind: "moved",
      address: visit.address("/recover", { request: recoveryId, number: requestNumber, ...more }),
    };
  }

  /** Shows the form for the password. `again`: what to show when the proof is wrong. */
  async function check(
    visit: Visit,
    proof: FormProof,
    context: ExchangeContext,
    again: () => FormAnswer,
    wrong?: Parameters<typeof passwordScreen>[2],
  ): Promise<FormAnswer> {
    const from = publicCallOf(context);
    const end = await recordStep(
      "recovery.checked",
      context,
      async () => await present.check(from, { proof, dialect }),
    );
    if (end.kind === "refused") return end.refusal.kind === "wrong_proof" ? again() : refused(visit, end.refusal);
    const { hint, policy, expiresAt } = end.answer;
    const minutesLeft = Math.max(1, Math.floor((expiresAt - clock.now()) / minute));
    const shown = passwordScreen(visit, { proof, hint, policy, minutesLeft }, wrong);
    return screen(shown, wrong === undefined ? 200 : notTaken);
  }

  async function complete(
    visit: Visit,
    proof: FormProof,
    password: string,
    context: ExchangeContext,
  ): Promise<FormAnswer> {
    const invalid = () => refused(visit, invalidLink);
    if (password === "") return await check(visit, proof, context, invalid, visit.texts.password.empty);
    const from = publicCallOf(context);
    const change = { proof, password, dialect };
    const end = await recordStep("recovery.completed", context, async () => await present.complete(from, change));
    if (end.kind === "done") {
      const { sessionsEnded, returnUrl, state } = end.answer;
      const more = { done: sessionsEnded ? signedOut : "1", ...(returnUrl !== "" && { return_url: returnUrl, state }) };
      return { kind: "moved", address: visit.address("/recover", more) };
    }
    const { refusal } = end;
    if (refusal.kind !== "wrong_password") return refusal.kind === "wrong_proof" ? invalid() : refused(visit, refusal);
    return await check(visit, proof, context, invalid, refusal.violations);
  }

  /** Saying it twice is saying it once: to load the answer again changes nothing. */
  async function protect(visit: Visit, token: string, context: ExchangeContext): Promise<FormAnswer> {
    const from = publicCallOf(context);
    const end = await recordStep("recovery.vetoed", context, async () => await veto(from, { token }));
    if (end.kind === "done") return screen(vetoedScreen(visit, end.answer.blockedUntil), 200);
    const { refusal } = end;
    if (refusal.kind === "end" && refusal.end === "expired") return refused(visit, { ...refusal, end: "vetoOver" });
    return refused(visit, refusal.kind === "end" ? refusal : invalidLink);
  }

  function refused(visit: Visit, refusal: PageRefusal): FormAnswer {
    if (refusal.kind !== "end") throw new Error(`no screen shows ${refusal.kind}`);
    const { end, status, retryAfterMs } = refusal;
    const words = visit.texts.ends[end];
    if (retryAfterMs === undefined) return screen(endScreen(visit, words), status);
    const more = end === "blocked" ? blockedText(visit, clock.now() + retryAfterMs) : waitText(visit, retryAfterMs);
    return { ...screen(endScreen(visit, words, more), status), retryAfterMs };
  }
}

function screen(screen: Markup, status: number): Extract<FormAnswer, { kind: "screen" }> {
  return { kind: "screen", status, screen };
}
