// What does every screen have at hand? The settings, the service, and the check against robots.

import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { BotCheck } from "./bot-check.ts";
import type { RecoveryClient } from "./recovery-client.ts";
import type { PageSettings } from "./settings.ts";

export type Page = { readonly settings: PageSettings; readonly client: RecoveryClient; readonly botCheck: BotCheck };

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error("a screen stands outside of the page");
  return page;
}
