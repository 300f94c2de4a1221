-- Burns the account's challenge for ever, whoever holds the claim, and clears its guesses: the password was set.
--
-- KEYS[1]  the account's record
-- ARGV[1]  now, ms since 1970
-- Returns  { "finished", sequence }
--
-- One script, because a record that was read here and written back later would undo what others did in between.

-- @include account.lua

local now = tonumber(ARGV[1])
local account = unpack_account(redis.call("GET", KEYS[1]), now)
burn(account)
account.guesses = { count = 0, ends_at = 0 }
local sequence = next_sequence(account, now)
save_account(account, now)
return { "finished", sequence }
