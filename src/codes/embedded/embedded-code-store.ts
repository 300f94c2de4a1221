// How does the database file keep the codes' promise? Each decision is one step of a shared commit.

import type { Database } from "../../sqlite/database.ts";
import { none, oneMore, refusalOf } from "../../throttle/embedded/counter.ts";
import { embeddedCharges } from "../../throttle/embedded/embedded-charges.ts";
import type { CodeStore, IssueRequest, PresentRejection, PresentRequest } from "../code-store.ts";
import { accountTable } from "./account-table.ts";
import { blockOf, burnt, endOf, liveSecrets, nextSequence, type Account, type Challenge } from "./account.ts";
import { judge } from "./judge.ts";

export function embeddedCodeStore(database: Database): CodeStore {
  const accounts = accountTable(database);
  const counters = embeddedCharges(database);

  /** Charges others, judges the secret and saves what counts; a good one is handed to `accept`. */
  function present<Accepted>(
    request: PresentRequest,
    accept: (challenge: Challenge, account: Account) => Accepted,
  ): Promise<PresentRejection | Accepted> {
    const { realmId, now } = request;
    return database.gathered<PresentRejection | Accepted>(() => {
      const standing = counters.read(realmId, request.charges);
      const refusal = refusalOf(standing, now);
      if (refusal !== undefined) return refusal;
      counters.save(realmId, standing, now);

      const account = accounts.load(request, now);
      const judgement = judge(account, request);
      if (judgement.kind === "good") return accept(judgement.challenge, account);
      if (judgement.account !== undefined) accounts.save(request, judgement.account, now);
      return judgement.rejection;
    });
  }

  return {
    async issue(request) {
      const { realmId, now, accountLimit } = request;
      const challenge = newChallenge(request);
      return database.gathered(() => {
        const account = accounts.load(request, now);
        const block = blockOf(account, now);
        if (block !== undefined) return block;
        const own = accountLimit && {
          ...accountLimit,
          name: accountLimit.counter,
          counter: account[accountLimit.counter],
        };
        const standing = counters.read(realmId, request.charges);
        const refusal = refusalOf(own === undefined ? standing : [...standing, own], now);
        if (refusal !== undefined) return refusal;

        counters.save(realmId, standing, now);
        const charged = own && { [own.name]: oneMore(own.counter, own.windowMs, now) };
        const sequence = nextSequence(account, now);
        // The secrets of a live one stay, so that its holder can be told to use the newer one.
        const newest = { ...challenge, previous: liveSecrets(account, now) };
        // The guesses stay: asking again buys no new ones.
        accounts.save(request, { ...account, ...charged, sequence, challenge: newest }, now);
        return { kind: "issued", sequence };
      });
    },

    async check(request) {
      return present(request, (challenge) => ({ kind: "good", ...acceptedBy(challenge, request) }));
    },

    async claim(request) {
      return present(request, (challenge, account) => {
        const claim = { id: request.claimId, until: request.claimedUntil };
        accounts.save(request, { ...account, challenge: { ...challenge, claim } }, request.now);
        return { kind: "claimed", ...acceptedBy(challenge, request) };
      });
    },

    async finish(request) {
      return database.gathered(() => {
        const account = accounts.load(request, request.now);
        const sequence = nextSequence(account, request.now);
        accounts.save(request, { ...burnt(account), guesses: none, sequence }, request.now);
        return { sequence };
      });
    },

    async release(request) {
      await database.gathered(() => accounts.release(request, request.claimId));
    },

    async revoke(request) {
      return database.gathered(() => {
        const account = accounts.load(request, request.now);
        const sequence = nextSequence(account, request.now);
        const { veto } = account;
        const lifted = veto && { ...veto, blockedUntil: Math.min(veto.blockedUntil, request.now) };
        const next = { ...burnt(account), sequence, veto: request.unblock === true ? lifted : veto };
        accounts.save(request, next, request.now);
        return { sequence };
      });
    },

    async veto({ now, provenAt, blockedUntil, rememberMs, ...key }) {
      return database.gathered(() => {
        const account = accounts.load(key, now);
        const { veto: last } = account;
        if (last !== undefined && provenAt <= last.at) return { vetoedAt: last.at, blockedUntil: last.blockedUntil };
        const until = Math.max(blockedUntil, last?.blockedUntil ?? 0);
        const veto = { at: now, blockedUntil: until, rememberedUntil: Math.max(until, now + rememberMs) };
        accounts.save(key, { ...burnt(account), sequence: nextSequence(account, now), veto }, now);
        return { vetoedAt: now, blockedUntil: until };
      });
    },
  };
}

function acceptedBy(challenge: Challenge, { secretKind }: PresentRequest) {
  return { passwordVersion: challenge.passwordVersion, expiresAt: endOf(challenge, secretKind) };
}

function newChallenge(request: IssueRequest): Challenge {
  const { code, token, expiresAt, codeExpiresAt = expiresAt, rememberMs, passwordVersion } = request;
  const keyId = (code ?? token)?.keyId;
  if (keyId === undefined) throw new TypeError("a challenge needs a code or a token");
  return {
    keyId,
    code: code?.digest,
    token: token?.digest,
    expiresAt,
    codeExpiresAt,
    rememberedUntil: expiresAt + rememberMs,
    passwordVersion,
    tries: 0,
    used: false,
    claim: undefined,
    previous: undefined,
  };
}
