-- Judges a presented secret. A wrong code is counted; a right one stays as it is.
--
-- KEYS[1]     the account's record
-- KEYS[2…]    counters of others that are charged
-- ARGV[1]     now, ms since 1970
-- ARGV[2]     which kind was presented: "code" or "token"
-- ARGV[3]     how many wrong codes one challenge stands
-- ARGV[4…6]   the account's guess budget: its limit's name or "", max, window in ms
-- ARGV[7]     "" (the place of claim-code.lua's claim id)
-- ARGV[8]     0 (the place of its claimed-until)
-- ARGV[9]     how many candidates
-- ARGV[10…]   for each candidate: key id, digest of what was presented, 16 bytes
-- then        for each counter of others: its limit's name, max, window in ms
-- Returns     { "good", password version, when what was presented expires }
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
-- One script, because a try that is compared before it is counted can be had many times at once.

-- @include present.lua

local rejection, challenge = present(tonumber(ARGV[1]))
return rejection or { "good", challenge.password_version, end_of(challenge, ARGV[2]) }
