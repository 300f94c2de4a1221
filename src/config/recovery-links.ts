// Where do the links of a recovery lead when nothing is said? To the hosted page, on the realm's own host.

type Recovery = {
  readonly enabled: boolean;
  readonly page: boolean;
  readonly hosts: readonly string[];
  readonly link?: string | undefined;
  readonly veto_link?: string | undefined;
};

/** Absent where neither a page of the realm's nor the hosted one is there. */
export function recoveryLinks({ link, veto_link: vetoLink, page, hosts: [host] }: Recovery): {
  readonly link?: string | undefined;
  readonly vetoLink?: string | undefined;
} {
  if (!page || host === undefined) return { link, vetoLink };
  const hosted = (name: string) => `https://${host}/recover#${name}={{.Token}}`;
  return { link: link ?? hosted("token"), vetoLink: vetoLink ?? hosted("veto") };
}

/** Where links of the realm may point: the hosted page is the realm's own. */
export function linkHosts(realm: {
  readonly recovery: Recovery;
  readonly links: { readonly hosts: readonly string[] };
}): readonly string[] {
  const { enabled, page, hosts } = realm.recovery;
  return [...new Set([...realm.links.hosts, ...(enabled && page ? hosts : [])])];
}
