// Until when can nobody set a new password? By the reader's own clock.

import { usePage } from "../page-context.ts";
import { say } from "../texts/say.ts";

export function BlockedText({ until }: { readonly until: number }) {
  const { texts, language } = usePage().settings;
  const time = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(until);
  return <p>{say(texts.veto.doneText, { until: time })}</p>;
}
