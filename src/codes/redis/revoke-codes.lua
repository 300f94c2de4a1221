-- Burns the account's challenge, if any, and keeps its counters.
--
-- KEYS[1]  the account's record
-- ARGV[1]  now, ms since 1970
-- ARGV[2]  1 when a block ends, too
-- Returns  { "revoked", sequence }
--
-- One script, because a record that was read here and written back later would undo what others did in between.

-- @include account.lua

local now = tonumber(ARGV[1])
local account = unpack_account(redis.call("GET", KEYS[1]), now)
burn(account)
if account.veto and ARGV[2] == "1" then
  account.veto.blocked_until = math.min(account.veto.blocked_until, now)
end
local sequence = next_sequence(account, now)
save_account(account, now)
return { "revoked", sequence }
