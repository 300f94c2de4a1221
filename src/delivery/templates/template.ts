// What does delivery ask of whoever writes messages? The templates' door.

/** The built-in set; a realm may have more, under names of its own. */
export const templateNames = ["password_reset", "password_initial", "password_changed"] as const;

/** What a template may say. Every value is data: nothing of it is ever read as a template or as HTML. */
export type TemplateValues = {
  readonly display_name: string;
  readonly login_name: string;
  /** The realm's name as people know it, and where to ask for help; empty if the realm has none. */
  readonly brand_name: string;
  readonly contact: string;
  /** Shared with the log: "7F3K-2M". */
  readonly request_number: string;
  /** Empty where the message has none. */
  readonly link: string;
  readonly code: string;
  /** Where the reader can say "it was not me"; in a notice of a change `link` is the same. Empty where there is none. */
  readonly veto_link: string;
  /** How long the code lives, in whole minutes; in a message without a code, the link. */
  readonly lifetime_minutes: number;
  /** How long the link lives: as long as the code, or longer. */
  readonly link_lifetime_minutes: number;
  /** When it was asked for or changed, and from which IP address. */
  readonly happened_at: Date;
  readonly from_address: string;
  /** The host of the link, for the domain-bound form of a text message; empty where there is none. */
  readonly link_host: string;
};

export type RenderedMail = {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The language that was found. BCP 47. */
  readonly language: string;
  readonly direction: "ltr" | "rtl";
};

export type RenderedTextMessage = { readonly text: string; readonly language: string };

export type Wording = {
  readonly realmId: string;
  /** A name of the built-in set or of the realm's own; one that nobody has is a refusal of the caller's, see `has`. */
  readonly template: string;
  /** Wanted, most wanted first; the language's base and the default follow by themselves. */
  readonly languages: readonly string[];
  readonly values: TemplateValues;
};

/** Implemented by `./liquid-templates.ts`. */
export interface Templates {
  /** Asked before a message is accepted: rendering a template that is not there is a fault. */
  has(realmId: string, template: string): boolean;
  /** What a realm may send, in the order of names. */
  list(realmId: string): readonly { readonly name: string; readonly languages: readonly string[] }[];
  renderMail(wording: Wording): Promise<RenderedMail>;
  renderTextMessage(wording: Wording): Promise<RenderedTextMessage>;
}
