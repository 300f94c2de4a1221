-- Makes the account's newest challenge, which replaces the one before, unless a limit says no.
--
-- KEYS[1]      the account's record
-- KEYS[2…]     counters of others that are charged
-- ARGV[1]      now, ms since 1970
-- ARGV[2]      id of the key that both digests were made with
-- ARGV[3]      digest of the code, 16 bytes, or ""
-- ARGV[4]      digest of the token, 16 bytes, or ""
-- ARGV[5]      expires at, ms since 1970
-- ARGV[6]      its code expires at, ms since 1970; at most ARGV[5]
-- ARGV[7]      how long it is remembered after ARGV[5], ms
-- ARGV[8]      the user's password version
-- ARGV[9]      the account's own counter that is charged, "returned" or "sent", or ""
-- ARGV[10…12]  its limit's name, max, window in ms
-- ARGV[13…]    for each counter of others: its limit's name, max, window in ms
-- Returns      { "issued", sequence }
--              { "blocked", ms until the block ends }: nothing was issued, nothing charged
--              { "limited", name of the limit that is free last, ms until it is }: nothing was issued, nothing charged
--
-- One script, because parallel requests would all find room under a limit before the first of them is counted.

-- @include account.lua

local now = tonumber(ARGV[1])

local stored = redis.call("MGET", unpack(KEYS))
local account = unpack_account(stored[1], now)
local block = block_of(account, now)
if block then
  return block
end
local charges = read_charges(stored, 2, 13)
local own = account[ARGV[9]]
if own then
  own.limit, own.max, own.window_ms = ARGV[10], tonumber(ARGV[11]), tonumber(ARGV[12])
  charges[#charges + 1] = own
end

local refusal = refusal_of(charges, now)
if refusal then
  return refusal
end
pay(charges, now)

-- The secrets of a live one stay, so that its holder can be told to use the newer one.
local before = account.challenge
local is_live = before and not before.used and before.expires_at > now

-- The guesses stay: asking again buys no new ones.
account.challenge = {
  key_id = tonumber(ARGV[2]),
  code = ARGV[3] ~= "" and ARGV[3] or nil,
  token = ARGV[4] ~= "" and ARGV[4] or nil,
  expires_at = tonumber(ARGV[5]),
  code_expires_at = tonumber(ARGV[6]),
  remember_ms = tonumber(ARGV[7]),
  password_version = tonumber(ARGV[8]),
  tries = 0,
  used = false,
  previous = is_live and { key_id = before.key_id, code = before.code, token = before.token } or nil,
}
local sequence = next_sequence(account, now)
save_account(account, now)
return { "issued", sequence }
