// What will a message look like? Rendered with made-up values, for those who write templates.

import type { RenderedMail, RenderedTextMessage, TemplateValues, Templates } from "./template.ts";

export type Preview = { readonly mail: RenderedMail; readonly textMessage: RenderedTextMessage };

export const sampleExpiries = { expiry: "Valid for 10 minutes.", link_expiry: "Valid for 60 minutes." };

/** As an ordinary message has them: a notice has no link and no code, a template of a realm's own has everything. */
export function sampleValues(template: string): TemplateValues {
  const isNotice = template === "password_changed";
  return {
    display_name: "Ann Example",
    login_name: "ann@example.com",
    brand_name: "Acme",
    contact: "help@acme.example",
    request_number: "7F3K-2M",
    link: isNotice ? "" : "https://app.acme.example/reset#h4Zk0VdS2qXw9RtYb7NcLm3JfGp8AuEoI1sTiC5vB6M",
    veto_link: isNotice ? "" : "https://app.acme.example/recover#veto=Yb7NcLm3JfGp8AuEoI1sTiC5vB6Mh4Zk0VdS2qXw9Rt",
    code: isNotice ? "" : "7F3K2M9P",
    lifetime_minutes: template === "password_initial" ? 24 * 60 : 10,
    link_lifetime_minutes: template === "password_initial" ? 24 * 60 : 10,
    happened_at: new Date("2026-08-14T09:12:00Z"),
    // Set aside for documentation. Spec: RFC 5737 §3.
    from_address: "203.0.113.7",
    link_host: isNotice ? "" : "app.acme.example",
  };
}

export async function renderPreview(
  templates: Templates,
  asked: { readonly realmId: string; readonly template: string; readonly languages: readonly string[] },
): Promise<Preview> {
  const wording = { ...asked, values: sampleValues(asked.template) };
  const [mail, textMessage] = await Promise.all([templates.renderMail(wording), templates.renderTextMessage(wording)]);
  return { mail, textMessage };
}
