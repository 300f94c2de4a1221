// Whose page is asked for, in which language? By host name or `?realm=`; by `?lang=`, the browser, the realm.

import { directionOf, findLanguage } from "../../delivery/templates/find-language.ts";
import type { PageTexts } from "../../page/texts/page-texts.ts";
import { pageTexts } from "../../page/texts/languages.ts";
import type { Caller } from "../../reset/caller.ts";
import type { PublicCallers } from "../../reset/public-callers.ts";
import { hostKey } from "../http/call-values.ts";
import type { ExchangeContext, HttpRequest } from "../http/exchange.ts";
import type { RealmPage } from "./realm-page.ts";

export type Words = {
  readonly texts: PageTexts;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
};

export type Visit = Words & {
  readonly page: RealmPage;
  readonly caller: Caller;
  /** What the visitor has chosen in so many words; empty where the browser or the realm has. */
  readonly chosenLanguage: string;
  readonly query: URLSearchParams;
  /** The address of a path of this page: the same realm and language, and what is added. */
  address(path: string, more?: Readonly<Record<string, string>>): string;
};

export type OpenVisit = (request: HttpRequest, context: ExchangeContext) => Visit | Words;

/** Without a page where no realm is open here, in words that the browser's reader understands. */
export function makeOpenVisit(deps: {
  readonly callers: Pick<PublicCallers, "ofRealm" | "ofHost">;
  /** By realm. */
  readonly pages: ReadonlyMap<string, RealmPage>;
}): OpenVisit {
  const { callers, pages } = deps;

  return function openVisit(request, { values }) {
    const query = queryOf(request);
    const named = query.get("realm") ?? "";
    const lang = query.get("lang") ?? "";
    const wanted = [lang, ...acceptedLanguages(request.headers["accept-language"])];
    const caller = named === "" ? callers.ofHost(values.get(hostKey)) : callers.ofRealm(named);
    const page = caller && pages.get(caller.realm.id);
    if (caller === undefined || page === undefined) return wordsOf(pageTexts, wanted, "en");
    const words = wordsOf(page.texts, wanted, page.defaultLanguage);
    const chosenLanguage = lang === "" ? "" : words.language;
    const kept = { ...(named !== "" && { realm: named }), ...(chosenLanguage !== "" && { lang: chosenLanguage }) };
    return {
      ...words,
      page,
      caller,
      chosenLanguage,
      query,
      address(path, more) {
        const search = new URLSearchParams({ ...kept, ...more }).toString();
        return search === "" ? path : `${path}?${search}`;
      },
    };
  };
}

function queryOf({ url = "" }: HttpRequest): URLSearchParams {
  const start = url.indexOf("?");
  return new URLSearchParams(start === -1 ? "" : url.slice(start));
}

function wordsOf(there: ReadonlyMap<string, PageTexts>, wanted: readonly string[], defaultLanguage: string): Words {
  const language = findLanguage(there, wanted, defaultLanguage);
  const texts = language === undefined ? undefined : there.get(language);
  if (language === undefined || texts === undefined) throw new Error("the page has lost its English");
  return { texts, language, direction: directionOf(language) };
}

/** A reader of more has not set up the browser by hand. */
const mostLanguages = 20;

/** The most wanted first. Spec: RFC 9110 §12.5.4. */
function acceptedLanguages(header: string | undefined): readonly string[] {
  return (header ?? "")
    .split(",", mostLanguages)
    .map((range) => {
      const [tag = "", weight] = range.split(";q=");
      return { tag: tag.trim(), weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag);
}
