// What does the hosted recovery page answer, to which request? The page, its forms, and what it loads.
//
// GET and HEAD change nothing, however often they come: scanners of mail open every link. Incident: C26.

import type { Dialect } from "../../reset/dialect.ts";
import type { PresentRecovery } from "../../reset/present-recovery.ts";
import type { PublicCallers } from "../../reset/public-callers.ts";
import type { ReopenRecovery } from "../../reset/reopen-recovery.ts";
import type { StartRecovery } from "../../reset/start-recovery.ts";
import type { VetoRecovery } from "../../reset/veto-recovery.ts";
import { type Clock, second } from "../../units.ts";
import { type ExchangeHandler, type HttpResponse, reply } from "../http/exchange.ts";
import type { CallObserver } from "../http/observe-calls.ts";
import { readAssets, sendAsset } from "./asset.ts";
import { closedDocument, pageDocument } from "./document.ts";
import type { Markup } from "./markup.ts";
import { assetHeaders, logoHeaders, pageHeaders } from "./page-headers.ts";
import { readForm } from "./read-form.ts";
import { makeRealmPage, type RealmPageSettings } from "./realm-page.ts";
import { makeRecordStep } from "./record-step.ts";
import { originOf } from "./origin.ts";
import { doneScreen, endScreen, identifyScreen, sentScreen } from "./screens.ts";
import { type FormAnswer, makeTakeForm, signedOut } from "./take-form.ts";
import { makeOpenVisit, type Visit, type Words } from "./visit.ts";

/** What the page's build has put there. */
const built = new URL("../../../gen/page/", import.meta.url).pathname;

/** Throws `BrokenLogo`. */
export function recoveryPages(deps: {
  readonly realms: readonly RealmPageSettings[];
  readonly acts: {
    readonly callers: PublicCallers;
    readonly start: StartRecovery;
    readonly reopen: ReopenRecovery;
    readonly present: PresentRecovery;
    readonly veto: VetoRecovery;
  };
  readonly dialect: Dialect;
  readonly observer: CallObserver;
  readonly clock: Clock;
}): ReadonlyMap<string, ExchangeHandler> {
  const { realms, acts, dialect, observer, clock } = deps;
  const pages = new Map(realms.map((settings) => [settings.realmId, makeRealmPage(settings)]));
  const openVisit = makeOpenVisit({ callers: acts.callers, pages });
  const takeForm = makeTakeForm({ ...acts, dialect, recordStep: makeRecordStep(observer), clock });

  const visited =
    (answer: (visit: Visit, ...exchange: Parameters<ExchangeHandler>) => void | Promise<void>): ExchangeHandler =>
    async (request, response, context) => {
      const visit = openVisit(request, context);
      if ("page" in visit) await answer(visit, request, response, context);
      else sendClosed(response, visit);
    };

  const assets = [...readAssets(built)].map(([name, asset]): [string, ExchangeHandler] => [
    `GET /recover/${name}`,
    (request, response) => sendAsset(asset, assetHeaders, request, response),
  ]);
  return new Map<string, ExchangeHandler>([
    ["GET /recover", visited((visit, _, response) => sendScreen(response, visit, ...screenOf(visit)))],
    [
      "POST /recover",
      visited(async (visit, request, response, context) => {
        const form = await readForm(request);
        const answer = form.kind === "read" ? await takeForm(visit, form.fields, context) : foreign(visit, form.status);
        sendAnswer(response, visit, answer);
      }),
    ],
    [
      "GET /recover/brand.css",
      visited(({ page }, request, response) => sendAsset(page.css, assetHeaders, request, response)),
    ],
    [
      "GET /recover/logo",
      visited((visit, request, response) => {
        const { logo } = visit.page;
        if (logo === undefined) sendClosed(response, visit);
        else sendAsset(logo, logoHeaders, request, response);
      }),
    ],
    ...assets,
  ]);
}

/** The form of a request number: what the address says else is not shown. */
const requestNumber = /^[0-9A-Z]{4}-[0-9A-Z]{4}$/;

/** What the address asks for. Only the first screen is the script's. */
function screenOf(visit: Visit): [screen: Markup, withScript: boolean] {
  const { query } = visit;
  const recoveryId = query.get("request");
  if (recoveryId !== null) {
    const number = query.get("number") ?? "";
    const request = { recoveryId, requestNumber: requestNumber.test(number) ? number : undefined };
    return [sentScreen(visit, request, { isResent: query.has("again") }), false];
  }
  const done = query.get("done");
  const origin = originOf(visit, (name) => query.get(name));
  return done === null ? [identifyScreen(visit, origin), true] : [doneScreen(visit, done === signedOut, origin), false];
}

function foreign(visit: Visit, status: number): FormAnswer {
  return { kind: "screen", status, screen: endScreen(visit, visit.texts.ends.foreign) };
}

function sendScreen(response: HttpResponse, visit: Visit, screen: Markup, withScript: boolean, status = 200): void {
  reply(response, status, pageHeaders, pageDocument(visit, screen, { withScript }));
}

function sendAnswer(response: HttpResponse, visit: Visit, answer: FormAnswer): void {
  // Spec: RFC 9110 §15.4.4: what follows is asked for with GET.
  if (answer.kind === "moved") return reply(response, 303, { ...pageHeaders, location: answer.address });
  const { screen, status, retryAfterMs } = answer;
  if (retryAfterMs !== undefined) response.setHeader("retry-after", String(Math.ceil(retryAfterMs / second)));
  sendScreen(response, visit, screen, false, status);
}

function sendClosed(response: HttpResponse, words: Words): void {
  reply(response, 404, pageHeaders, closedDocument(words));
}
