// How does Redis keep the codes' promise? One script per decision; all that belongs to an account is one key.

import type { RedisConnection } from "../../redis/connection.ts";
import { toOutcome, type OutcomeTable, type Reply } from "../../redis/outcome.ts";
import { loadScript, runScript, type Script, type ScriptArgument } from "../../redis/script.ts";
import { chargeArguments, chargeKeys } from "../../throttle/redis/redis-charges.ts";
import type { Charge } from "../../throttle/throttle.ts";
import type { Instant } from "../../units.ts";
import type {
  AccountLimit,
  CheckOutcome,
  ClaimOutcome,
  CodeStore,
  IssueOutcome,
  IssueRequest,
  PresentRejection,
  PresentRequest,
  SecretDigest,
  SubjectKey,
} from "../code-store.ts";

const issueOutcomes: OutcomeTable<IssueOutcome> = {
  issued: ([, sequence]) => ({ kind: "issued", sequence: Number(sequence) }),
  limited,
  blocked,
};

const rejections: OutcomeTable<PresentRejection> = {
  limited,
  absent: () => ({ kind: "absent" }),
  over_budget: ([, limit, ms]) => ({ kind: "over_budget", limit: String(limit), retryAfterMs: Number(ms) }),
  blocked,
  used: ([, matched]) => ({ kind: "used", matched: matched === 1 }),
  expired: ([, matched]) => ({ kind: "expired", matched: matched === 1 }),
  exhausted: () => ({ kind: "exhausted" }),
  superseded: () => ({ kind: "superseded" }),
  mismatch: () => ({ kind: "mismatch" }),
  busy: ([, ms]) => ({ kind: "busy", retryAfterMs: Number(ms) }),
};

const checkOutcomes: OutcomeTable<CheckOutcome> = {
  ...rejections,
  good: ([, version, expiresAt]) => ({ kind: "good", passwordVersion: Number(version), expiresAt: Number(expiresAt) }),
};

const claimOutcomes: OutcomeTable<ClaimOutcome> = {
  ...rejections,
  claimed: ([, version, expiresAt]) => ({
    kind: "claimed",
    passwordVersion: Number(version),
    expiresAt: Number(expiresAt),
  }),
};

function limited([, limit, ms]: Reply) {
  return { kind: "limited", limit: String(limit), retryAfterMs: Number(ms) } as const;
}

function blocked([, ms]: Reply) {
  return { kind: "blocked", retryAfterMs: Number(ms) } as const;
}

export function redisCodeStore(redis: RedisConnection): CodeStore {
  const issue = scriptBeside("issue-code.lua");
  const check = scriptBeside("check-code.lua");
  const claim = scriptBeside("claim-code.lua");
  const finish = scriptBeside("finish-code.lua");
  const release = scriptBeside("release-code.lua");
  const revoke = scriptBeside("revoke-codes.lua");
  const veto = scriptBeside("veto-codes.lua");

  return {
    async issue(request) {
      const reply = await runScript(redis, issue, keysOf(request), issueArguments(request));
      return toOutcome(issueOutcomes, reply);
    },

    async check(request) {
      const reply = await runScript(redis, check, keysOf(request), presentArguments(request, "", 0));
      return toOutcome(checkOutcomes, reply);
    },

    async claim(request) {
      const args = presentArguments(request, request.claimId, request.claimedUntil);
      return toOutcome(claimOutcomes, await runScript(redis, claim, keysOf(request), args));
    },

    async finish(request) {
      return toSequence(await runScript(redis, finish, [accountKey(request)], [request.now]));
    },

    async release(request) {
      await runScript(redis, release, [accountKey(request)], [request.claimId]);
    },

    async revoke(request) {
      const args = [request.now, Number(request.unblock ?? false)];
      return toSequence(await runScript(redis, revoke, [accountKey(request)], args));
    },

    async veto(request) {
      const { now, provenAt, blockedUntil, rememberMs } = request;
      const args = [now, provenAt, blockedUntil, rememberMs];
      const [, vetoedAt, until] = (await runScript(redis, veto, [accountKey(request)], args)) as Reply;
      return { vetoedAt: Number(vetoedAt), blockedUntil: Number(until) };
    },
  };
}

function scriptBeside(name: string): Script {
  return loadScript(new URL(name, import.meta.url));
}

/** The braces put everything of one realm into one slot of a Redis Cluster. Realm ids hold no braces. */
function accountKey({ realmId, subject }: SubjectKey): string {
  return `rekey:{${realmId}}:c:${subject}`;
}

function keysOf(request: SubjectKey & { readonly charges: readonly Charge[] }): string[] {
  return [accountKey(request), ...chargeKeys(request.realmId, request.charges)];
}

function issueArguments(request: IssueRequest): ScriptArgument[] {
  const { code, token, accountLimit } = request;
  const keyId = (code ?? token)?.keyId;
  if (keyId === undefined) throw new TypeError("a challenge needs a code or a token");
  return [
    request.now,
    keyId,
    code === undefined ? "" : bytesOf(code),
    token === undefined ? "" : bytesOf(token),
    request.expiresAt,
    request.codeExpiresAt ?? request.expiresAt,
    request.rememberMs,
    request.passwordVersion,
    accountLimit?.counter ?? "",
    ...limitArguments(accountLimit),
    ...chargeArguments(request.charges),
  ];
}

function presentArguments(request: PresentRequest, claimId: string, claimedUntil: Instant): ScriptArgument[] {
  return [
    request.now,
    request.secretKind,
    request.maxTries,
    ...limitArguments(request.guessBudget),
    claimId,
    claimedUntil,
    request.candidates.length,
    ...request.candidates.flatMap((candidate) => [candidate.keyId, bytesOf(candidate)]),
    ...chargeArguments(request.charges),
  ];
}

function limitArguments(limit: AccountLimit | undefined): ScriptArgument[] {
  return limit === undefined ? ["", 0, 0] : [limit.limit, limit.max, limit.windowMs];
}

/** 16 bytes, as they rest in Redis. */
function bytesOf({ digest }: SecretDigest): Buffer {
  return Buffer.from(digest, "base64url");
}

function toSequence(reply: unknown): { sequence: number } {
  const [, sequence] = reply as Reply;
  return { sequence: Number(sequence) };
}
