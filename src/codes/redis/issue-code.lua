-- Makes the account's newest challenge, which replaces the one before, unless a limit says no.
--
-- KEYS[1]     the account's record
-- KEYS[2…]    counters of others that are charged
-- ARGV[1]     now, ms since 1970
-- ARGV[2]     id of the key that both digests were made with
-- ARGV[3]     digest of the code, 16 bytes, or ""
-- ARGV[4]     digest of the token, 16 bytes, or ""
-- ARGV[5]     expires at, ms since 1970
-- ARGV[6]     how long it is remembered after that, ms
-- ARGV[7]     the user's password version
-- ARGV[8]     the account's own counter that is charged, "returned" or "sent", or ""
-- ARGV[9…11]  its limit's name, max, window in ms
-- ARGV[12…]   for each counter of others: its limit's name, max, window in ms
-- Returns     { "issued", sequence }
--             { "limited", name of the limit that is free last, ms until it is }: nothing was issued, nothing charged
--
-- One script, because parallel requests would all find room under a limit before the first of them is counted.

-- @include account.lua

local now = tonumber(ARGV[1])

local stored = redis.call("MGET", unpack(KEYS))
local account = unpack_account(stored[1], now)
local charges = read_charges(stored, 2, 12)
local own = account[ARGV[8]]
if own then
  own.limit, own.max, own.window_ms = ARGV[9], tonumber(ARGV[10]), tonumber(ARGV[11])
  charges[#charges + 1] = own
end

local refusal = refusal_of(charges, now)
if refusal then
  return refusal
end
pay(charges, now)

-- The guesses stay: asking again buys no new ones.
account.challenge = {
  key_id = tonumber(ARGV[2]),
  code = ARGV[3] ~= "" and ARGV[3] or nil,
  token = ARGV[4] ~= "" and ARGV[4] or nil,
  expires_at = tonumber(ARGV[5]),
  remember_ms = tonumber(ARGV[6]),
  password_version = tonumber(ARGV[7]),
  tries = 0,
  used = false,
}
local sequence = next_sequence(account, now)
save_account(account, now)
return { "issued", sequence }
