-- Judges a presented secret and, when it is good, reserves the challenge for one claimant.
--
-- KEYS[1]     the account's record
-- KEYS[2…]    counters of others that are charged
-- ARGV[1]     now, ms since 1970
-- ARGV[2]     which kind was presented: "code" or "token"
-- ARGV[3]     how many wrong codes one challenge stands
-- ARGV[4…6]   the account's guess budget: its limit's name or "", max, window in ms
-- ARGV[7]     claim id, at most 255 bytes
-- ARGV[8]     claimed until, ms since 1970
-- ARGV[9]     how many candidates
-- ARGV[10…]   for each candidate: key id, digest of what was presented, 16 bytes
-- then        for each counter of others: its limit's name, max, window in ms
-- Returns     { "claimed", password version, when what was presented expires }
--             { "limited", name of the limit that is free last, ms until it is }: nothing was counted or compared
--             { "absent" }
--             { "over_budget", the budget's limit, ms until its window ends }
--             { "blocked", ms until the block ends }
--             { "used", 1 when it was its secret }
--             { "expired", 1 when it was its secret }
--             { "exhausted" }
--             { "superseded" }
--             { "mismatch" }
--             { "busy", ms until the claim ends }
--
-- One script, because of all who present the same code at the same time exactly one may go on.

-- @include present.lua

local now = tonumber(ARGV[1])
local rejection, challenge, account = present(now)
if rejection then
  return rejection
end

challenge.claim_id, challenge.claimed_until = ARGV[7], tonumber(ARGV[8])
save_account(account, now)
return { "claimed", challenge.password_version, end_of(challenge, ARGV[2]) }
