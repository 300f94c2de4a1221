// How do the settings, named for people, become the configuration that the code reads?

import type { PasswordPolicy } from "../password/policy.ts";
import type { Limit, LimitTable } from "../throttle/limits.ts";
import type { Configuration, RealmConfiguration } from "./configuration.ts";
import { linkHosts } from "./recovery-links.ts";
import { toBotCheck } from "./to-bot-check.ts";
import { siteHosts } from "./realm-loginradius-schema.ts";
import { toDelivery, toEndpoint, toSender } from "./to-delivery.ts";
import { toRecovery } from "./to-recovery.ts";
import type { Settings } from "./schema.ts";

type RealmSettings = Settings["realms"][number];

export function toConfiguration(settings: Settings): Configuration {
  const { mode = "production", metrics, tls, redis, keys, password_hashing: hashing } = settings;
  return {
    mode,
    dataDir: settings.data_dir,
    listen: {
      host: settings.listen.host,
      port: settings.listen.port,
      trustedHops: settings.listen.trusted_hops,
      fastPath: settings.listen.fast_path,
    },
    ...(metrics && { metrics }),
    ...(tls && { tls: { keyFile: tls.key_file, certificateFile: tls.certificate_file } }),
    ...(redis && { redis }),
    ...(keys && { keys: { names: keys.names, codes: atLeastOne(keys.codes) } }),
    cors: { allowedOrigins: settings.cors.allowed_origins },
    // Guard: ASVS 5.0 13.4.5 (not in production, unless asked for).
    reflection: settings.reflection ?? mode === "demo",
    passwordHashing: {
      memoryKib: hashing.memory_kib,
      passes: hashing.passes,
      lanes: hashing.lanes,
      ...(hashing.threads !== undefined && { threads: hashing.threads }),
      waiting: hashing.waiting,
    },
    limits: toRows(settings.limits),
    delivery: toDelivery(settings.delivery),
    log: settings.log,
    shutdownGraceMs: settings.shutdown_grace,
    realms: settings.realms.map(toRealm),
  };
}

function toRealm(realm: RealmSettings): RealmConfiguration {
  const { id, links, password_policy: policy } = realm;
  return {
    id,
    defaultLanguage: realm.default_language,
    organizations: atLeastOne(realm.organizations ?? [id]),
    shapes: realm.codes,
    limits: toLimits(realm.limits),
    ...(policy && { passwordPolicy: toPolicy(policy) }),
    ...toRecovery(realm),
    ...toKeygen(realm),
    ...toSwitchedOff(realm),
    links: {
      ...(links.page !== undefined && { page: links.page }),
      hosts: [...new Set([...linkHosts(realm), ...siteHosts(realm.loginradius)])],
    },
    ...toLoginRadius(realm),
    notices: realm.notices,
    endSessions: realm.end_sessions,
    sender: toSender(realm),
    webhooks: realm.webhooks.map(toEndpoint),
    botCheck: toBotCheck(realm.recovery.bot_check),
    apiKeys: realm.api_keys.map((key) => ({ ...key, permissions: new Set(key.permissions) })),
  };
}

function toKeygen({ keygen }: RealmSettings): Pick<RealmConfiguration, "keygen"> {
  if (keygen?.enabled !== true) return {};
  const { account: accountId, slug = "", hosts, signing_key: signingKey, page, answer_status: answerStatus } = keygen;
  return { keygen: { accountId, slug, hosts, signingKey, page, answerStatus } };
}

/** By the names of the dialects. */
function toSwitchedOff(realm: RealmSettings): Pick<RealmConfiguration, "switchedOff"> {
  const off = (["native", "zitadel"] as const).filter((dialect) => !realm[dialect].enabled);
  return off.length === 0 ? {} : { switchedOff: new Set(off) };
}

function toLoginRadius({ loginradius: app, recovery }: RealmSettings): Pick<RealmConfiguration, "loginRadius"> {
  if (app?.enabled !== true) return {};
  const { captcha } = recovery.bot_check;
  return {
    loginRadius: {
      key: app.key,
      secrets: [app.secret, ...app.secondary_secrets.map(({ secret }) => secret)],
      ...(app.reset_url !== undefined && { resetUrl: app.reset_url }),
      mailBrings: app.mail_brings,
      ...(app.bot_protection && captcha && { captcha: captcha.provider }),
      unknownUser: app.unknown_user,
    },
  };
}

function toPolicy(policy: NonNullable<RealmSettings["password_policy"]>): PasswordPolicy {
  return {
    minLength: policy.min_length,
    maxLength: policy.max_length,
    requireLowercase: policy.require_lowercase,
    requireUppercase: policy.require_uppercase,
    requireDigit: policy.require_digit,
    requireSymbol: policy.require_symbol,
    refuseCommon: policy.refuse_common,
    contextWords: policy.context_words,
  };
}

type RowSetting = RealmSettings["limits"]["return_code"]["account"];

function toLimits(limits: RealmSettings["limits"]): LimitTable {
  return {
    return_code: toRows(limits.return_code),
    send_message: toRows(limits.send_message),
    present_code: toRows(limits.present_code),
    guess_code: toRows(limits.guess_code),
    try_password: toRows(limits.try_password),
    prepare_recovery: toRows(limits.prepare_recovery),
    start_recovery: toRows(limits.start_recovery),
    start_recovery_without_script: toRows(limits.start_recovery_without_script),
    present_recovery: toRows(limits.present_recovery),
    present_token: toRows(limits.present_token),
  };
}

function toRows(rows: Readonly<Record<string, RowSetting>>): Record<string, Limit> {
  const limited = Object.entries(rows).flatMap(([party, row]): [string, Limit][] =>
    row === "off" ? [] : [[party, { max: row.max, windowMs: row.window }]],
  );
  return Object.fromEntries(limited);
}

/** The schema has seen to it that there is one. */
function atLeastOne<T>(list: readonly T[]): readonly [T, ...T[]] {
  const [first, ...rest] = list;
  if (first === undefined) throw new RangeError("the list is empty");
  return [first, ...rest];
}
