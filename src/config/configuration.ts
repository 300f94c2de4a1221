// What does the rest of Rekey get to see of the configuration? Plain, whole, read-only data.

import type { BotCheckSettings, CaptchaProvider } from "../bot-check/bot-check-settings.ts";
import type { HttpProviderSettings } from "../delivery/sms/http-provider.ts";
import type { TwilioSettings } from "../delivery/sms/twilio-provider.ts";
import type { SmtpSettings } from "../delivery/smtp/smtp-provider.ts";
import type { WebhookEndpoint } from "../delivery/webhook/endpoint.ts";
import type { MessageSender } from "../delivery/write-message.ts";
import type { TextOverrides } from "../page/texts/override-texts.ts";
import type { Permission } from "../reset/permission.ts";
import type { Realm } from "../reset/realm.ts";
import type { Limit } from "../throttle/limits.ts";
import type { Milliseconds } from "../units.ts";

export type Mode = "demo" | "production";
export type LogLevel = "debug" | "info" | "warn" | "error";

export type Configuration = {
  readonly mode: Mode;
  readonly dataDir: string;
  readonly listen: {
    readonly host: string;
    /** 0: any that is free. */
    readonly port: number;
    /** Proxies in front that append to X-Forwarded-For. */
    readonly trustedHops: number;
    /** Whether plain unary gRPC calls go past connect. */
    readonly fastPath: boolean;
  };
  /** Where metrics are read. Absent: nothing is counted. `port` as above. */
  readonly metrics?: { readonly host: string; readonly port: number };
  /** Absent: clear text. */
  readonly tls?: { readonly keyFile: string; readonly certificateFile: string };
  /** Absent: the embedded store. */
  readonly redis?: { readonly url: string };
  /** Absent in demo mode only. The first of `codes` is for new codes. */
  readonly keys?: { readonly names: Uint8Array; readonly codes: readonly [CodeKey, ...CodeKey[]] };
  readonly cors: { readonly allowedOrigins: readonly string[] };
  readonly reflection: boolean;
  readonly passwordHashing: {
    readonly memoryKib: number;
    readonly passes: number;
    readonly lanes: number;
    /** Absent: one core is left to the calls. */
    readonly threads?: number;
    readonly waiting: number;
  };
  /** All realms together; beside each realm's own. */
  readonly limits: { readonly start_recovery?: Limit };
  readonly delivery: DeliveryConfiguration;
  readonly log: { readonly level: LogLevel };
  readonly shutdownGraceMs: Milliseconds;
  /** Never empty in production. */
  readonly realms: readonly RealmConfiguration[];
};

export type CodeKey = { readonly id: number; readonly secret: Uint8Array };

export type DeliveryConfiguration = {
  /** The most wanted first. */
  readonly smtp: readonly SmtpConfiguration[];
  readonly sms: readonly SmsConfiguration[];
  readonly templatesDir?: string;
  readonly concurrency: number;
  readonly waiting: number;
  readonly attemptTimeoutMs: Milliseconds;
};

export type SmtpConfiguration = Pick<SmtpSettings, "name" | "host" | "port" | "security" | "auth"> & {
  readonly caFile?: string;
  readonly dkim?: { readonly domain: string; readonly selector: string; readonly keyFile: string };
};

export type SmsConfiguration =
  | ({ readonly kind: "twilio" } & TwilioSettings)
  | ({ readonly kind: "http" } & HttpProviderSettings);

export type RealmConfiguration = Realm & {
  readonly apiKeys: readonly ApiKeyConfiguration[];
  /** In whose name messages go out; an empty `from.address` where none is configured. */
  readonly sender: MessageSender;
  readonly webhooks: readonly WebhookEndpoint[];
  /** How the hosted page looks and reads. Absent: there is none. */
  readonly page?: PageConfiguration;
  /** What slows down machines that ask without a key. */
  readonly botCheck: BotCheckSettings;
  /** Absent: Keygen's clients find nothing here. */
  readonly keygen?: KeygenConfiguration;
  /** Absent: LoginRadius's clients find nothing here. */
  readonly loginRadius?: LoginRadiusConfiguration;
};

export type KeygenConfiguration = {
  readonly accountId: string;
  /** Empty: it has none. */
  readonly slug: string;
  readonly hosts: readonly string[];
  /** The 32 bytes of an Ed25519 private key. */
  readonly signingKey: Uint8Array;
  readonly page: string;
  readonly answerStatus: 202 | 204;
};

export type PageConfiguration = {
  readonly name: string;
  readonly contact: string;
  readonly logoFile?: string;
  /** "#1f4fd8", in lower case. */
  readonly colours: { readonly accent?: string; readonly accentDark?: string };
  /** By language. */
  readonly texts: Readonly<Record<string, TextOverrides>>;
};

export type LoginRadiusConfiguration = {
  readonly key: string;
  /** The app's own first. */
  readonly secrets: readonly [string, ...string[]];
  readonly resetUrl?: string;
  readonly mailBrings: "link" | "code";
  /** Whose answer strangers have to bring. */
  readonly captcha?: CaptchaProvider;
  readonly unknownUser: "hide" | "tell";
};

export type ApiKeyConfiguration = {
  readonly id: string;
  /** SHA-256 of the key, base64url: what `digestApiKey` answers. */
  readonly digest: string;
  readonly permissions: ReadonlySet<Permission>;
};
