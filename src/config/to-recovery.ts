// How do the settings of a public recovery and of its hosted page become what the code reads?

import type { PageConfiguration, RealmConfiguration } from "./configuration.ts";
import { recoveryLinks } from "./recovery-links.ts";
import type { Settings } from "./schema.ts";

type RealmSettings = Settings["realms"][number];

export function toRecovery({ recovery, brand }: RealmSettings): Pick<RealmConfiguration, "recovery" | "page"> {
  const {
    enabled,
    hosts,
    page,
    public_keys: publicKeys,
    return_origins: returnOrigins,
    veto_block: blockMs,
  } = recovery;
  const { link, vetoLink } = recoveryLinks(recovery);
  if (!enabled || link === undefined) return {};
  const veto = vetoLink === undefined ? {} : { veto: { link: vetoLink, blockMs } };
  return { recovery: { hosts, publicKeys, link, returnOrigins, ...veto }, ...(page && { page: toPage(brand) }) };
}

function toPage({ name, contact, logo, colors, texts }: RealmSettings["brand"]): PageConfiguration {
  const { accent, accent_dark: accentDark } = colors;
  const colours = { ...(accent !== undefined && { accent }), ...(accentDark !== undefined && { accentDark }) };
  return { name, contact, ...(logo !== undefined && { logoFile: logo }), colours, texts };
}
