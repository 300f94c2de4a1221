-- Burns the account's challenge and forbids new ones for a time, unless the last veto said so already.
--
-- KEYS[1]  the account's record
-- ARGV[1]  now, ms since 1970
-- ARGV[2]  when the veto's proof was given out, ms since 1970
-- ARGV[3]  blocked until, ms since 1970
-- ARGV[4]  how long the veto is remembered, ms
-- Returns  { "vetoed", when, blocked until }: of the veto that counts, this one or the last
--
-- One script, because two who say it at once say it once, and because no code may be made between the two halves.

-- @include account.lua

local now = tonumber(ARGV[1])
local account = unpack_account(redis.call("GET", KEYS[1]), now)
local last = account.veto
if last and tonumber(ARGV[2]) <= last.at then
  return { "vetoed", last.at, last.blocked_until }
end
burn(account)
local blocked_until = math.max(tonumber(ARGV[3]), last and last.blocked_until or 0)
account.veto = {
  at = now,
  blocked_until = blocked_until,
  remembered_until = math.max(blocked_until, now + tonumber(ARGV[4])),
}
next_sequence(account, now)
save_account(account, now)
return { "vetoed", now, blocked_until }
