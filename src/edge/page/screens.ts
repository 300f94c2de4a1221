// What does each step look like without script? Plain forms that post to the page itself.
//
// A form gives back what was typed when something is wrong with it, except codes and passwords.

import { returnAddress } from "../../page/return-address.ts";
import type { EndTexts } from "../../page/texts/page-texts.ts";
import { sayCount } from "../../page/texts/say.ts";
import type { PasswordPolicy, PolicyViolation } from "../../password/policy.ts";
import type { RecoveryProof } from "../../reset/present-recovery.ts";
import { type Instant, type Milliseconds, second } from "../../units.ts";
import { form, hidden, input } from "./form-parts.ts";
import { apart, type Markup, markup } from "./markup.ts";
import type { Origin } from "./origin.ts";
import { brokenRule, neededRules } from "./rule-texts.ts";
import { blockedText } from "./time-texts.ts";
import type { Visit } from "./visit.ts";

/** What a form of the page presents. */
export type FormProof = Extract<RecoveryProof, { readonly kind: "token" | "code" }>;

/** Who are you? Below it, for whoever has a message already: its link, whose token no server sees in an address. */
export function identifyScreen(visit: Visit, { returnUrl, state }: Origin, typed = "", wrong?: string): Markup {
  const { identify } = visit.texts;
  const attributes = markup`name="identifier" value="${typed}" autocomplete="username" autocapitalize="none" spellcheck="false" dir="auto" maxlength="254" required`;
  const field = markup`${hidden("return_url", returnUrl)}
${hidden("state", state)}
${input({ id: "identifier", label: identify.label, wrong }, attributes)}`;
  return screen(
    identify.title,
    markup`<p class="lead">${identify.intro}</p>
${form(visit, "start", identify.submit, field)}
${linkForm(visit)}`,
  );
}

export type SentRequest = { readonly recoveryId: string; readonly requestNumber?: string | undefined };

/** What is said of what was done last: the code is wrong, another message is on its way, or it is too early for one. */
export type SentNews = { readonly wrong?: string; readonly isResent?: boolean; readonly retryAfterMs?: Milliseconds };

/** The same whoever was named. */
export function sentScreen(visit: Visit, request: SentRequest, news: SentNews = {}): Markup {
  const { sent, code, shared } = visit.texts;
  const { recoveryId, requestNumber } = request;
  const attributes = markup`name="code" class="code" autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" maxlength="40" dir="ltr" required`;
  const held = markup`${hidden("recovery_id", recoveryId)}
${hidden("request_number", requestNumber ?? "")}`;
  const fields = markup`${held}
${input({ id: "code", label: code.label, hint: code.hint, wrong: news.wrong }, attributes)}`;
  const number =
    requestNumber === undefined
      ? undefined
      : markup`<p class="request-number">${apart(shared.requestNumber, { requestNumber })}</p>`;
  return screen(
    sent.title,
    markup`<p class="lead">${sent.introWithoutName}</p>
<p>${sent.anyDevice}</p>
${form(visit, "code", code.submit, fields)}
${linkForm(visit)}
${resendForm(visit, held, news)}
${number}
<p><a href="${visit.address("/recover")}">${sent.other}</a></p>`,
  );
}

/** No message? Where to look, and another one as soon as that makes sense. */
function resendForm(visit: Visit, held: Markup, { isResent, retryAfterMs }: SentNews): Markup {
  const { sent } = visit.texts;
  const seconds = Math.ceil((retryAfterMs ?? 0) / second);
  const wait = sayCount(sent.resendInSeconds, seconds, visit.language);
  return markup`<div class="resend">
<p>${sent.nothingThere}</p>
${isResent === true ? markup`<p role="status" class="good">${sent.resent}</p>` : undefined}
${form(visit, "again", sent.resend, held, "button button-quiet")}
${seconds > 0 ? markup`<p role="alert" class="hint">${wait}</p>` : undefined}
</div>`;
}

export function linkScreen(visit: Visit, wrong: string): Markup {
  const { code, shared } = visit.texts;
  return screen(
    code.linkTitle,
    markup`${linkFields(visit, wrong)}
<p><a href="${visit.address("/recover")}">${shared.newMessage}</a></p>`,
  );
}

export function passwordScreen(
  visit: Visit,
  checked: {
    readonly proof: FormProof;
    readonly hint: string;
    readonly policy: PasswordPolicy;
    readonly minutesLeft: number;
  },
  wrong?: string | readonly PolicyViolation[],
): Markup {
  const { password, rules } = visit.texts;
  const { proof, hint, policy, minutesLeft } = checked;
  const account = hint === "" ? undefined : markup`<p class="account">${apart(password.account, { hint })}</p>`;
  const needs = neededRules(policy, rules.needs, visit.language).map((rule) => markup`<li>${rule}</li>`);
  const attributes = markup`name="password" type="password" autocomplete="new-password" dir="ltr" required`;
  const fields = markup`${proofFields(proof)}
${input({ id: "password", label: password.label, wrong: rejection(visit, wrong) }, attributes)}
<p>${password.rules}</p>
<ul>${needs}</ul>
<p class="hint">${password.advice}</p>`;
  return screen(
    password.title,
    markup`${account}
${form(visit, "password", password.submit, fields)}
<p>${sayCount(password.finishInMinutes, minutesLeft, visit.language)}</p>`,
  );
}

export function doneScreen({ texts: { done } }: Visit, sessionsEnded: boolean, origin: Origin): Markup {
  const goOn = returnAddress(origin.returnUrl, origin.state);
  return screen(
    done.title,
    markup`<p class="lead">${done.text}</p>
${sessionsEnded ? markup`<p>${done.sessionsEnded}</p>` : undefined}
<p>${goOn === undefined ? done.close : markup`<a class="button" href="${goOn}">${done.goOn}</a>`}</p>`,
  );
}

/** "It was not me": says what it does, and does it when it is confirmed. */
export function vetoScreen(visit: Visit, token: string): Markup {
  const { veto } = visit.texts;
  return screen(
    veto.title,
    markup`<p class="lead">${veto.intro}</p>
<ul>${veto.effects.map((effect) => markup`<li>${effect}</li>`)}</ul>
${form(visit, "veto", veto.confirm, hidden("token", token))}
<p><a href="${visit.address("/recover")}">${veto.wasMe}</a></p>`,
  );
}

export function vetoedScreen(visit: Visit, blockedUntil: Instant): Markup {
  const { veto } = visit.texts;
  return screen(
    veto.doneTitle,
    markup`<p class="lead">${blockedText(visit, blockedUntil)}</p>
<p>${veto.doneNext}</p>`,
  );
}

/** `more`: when it is worth another try. */
export function endScreen(visit: Visit, { title, text }: EndTexts, more?: string): Markup {
  return screen(
    title,
    markup`<p class="lead">${text}</p>
${more === undefined ? undefined : markup`<p>${more}</p>`}
<p><a class="button" href="${visit.address("/recover")}">${visit.texts.shared.startAgain}</a></p>`,
  );
}

/** As the script shows it, too: the styles are the same. */
export function screen(title: string, content: Markup): Markup {
  return markup`<div class="screen">
<h1>${title}</h1>
${content}
</div>`;
}

function linkForm(visit: Visit): Markup {
  return markup`<section class="link" aria-labelledby="link-title">
<h2 id="link-title">${visit.texts.code.linkTitle}</h2>
${linkFields(visit)}
</section>`;
}

function linkFields(visit: Visit, wrong?: string): Markup {
  const { code } = visit.texts;
  const attributes = markup`name="link" autocomplete="off" autocapitalize="none" spellcheck="false" dir="ltr" required`;
  const field = input({ id: "link", label: code.linkLabel, hint: code.linkHint, wrong }, attributes);
  return form(visit, "link", code.submit, field);
}

function rejection({ texts, language }: Visit, wrong: string | readonly PolicyViolation[] | undefined) {
  if (wrong === undefined || typeof wrong === "string") return wrong;
  const rules = wrong.map((violation) => markup`<li>${brokenRule(violation, texts.rules.broken, language)}</li>`);
  return markup`<div><p>${texts.password.rejected}</p><ul>${rules}</ul></div>`;
}

function proofFields(proof: FormProof): Markup {
  if (proof.kind === "token") return hidden("token", proof.token);
  return markup`${hidden("recovery_id", proof.recoveryId)}
${hidden("code", proof.code)}`;
}
