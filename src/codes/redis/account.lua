-- Fragment: an account's record, unpacked and packed. Shared by every script of this room.
--
-- Everything of one account is one string, so that a live code costs one key. Big-endian, times in ms since 1970; a part
-- that is not there takes no bytes.
--    1  format, always 1
--    1  which parts are there: the bits of HAS
--    6  sequence: the greatest that was given out
--    8  for each counter whose window runs: returned, sent, guesses (as in charges.lua)
--       the challenge:
--    1  key id    6  expires at    6  remembered until    7  password version    2  tries
--   16  code digest
--   16  token digest
--    6  claimed until    1 + n  claim id behind its length

-- @include ../../throttle/redis/charges.lua

local FORMAT = 1
local HAS = { returned = 1, sent = 2, guesses = 4, challenge = 8, code = 16, token = 32, used = 64, claim = 128 }
local COUNTERS = { "returned", "sent", "guesses" }
local HEAD, CHALLENGE, DIGEST, CLAIM = ">BBI6", ">BI6I6I7I2", "c16", ">I6Bc0"
-- A sequence matters until the time has passed it, on every clock. Clocks of processes differ by less than this.
local SEQUENCE_KEPT_MS = 60000

local function unpack_challenge(packed, at, has)
  local it = { used = has("used") }
  it.key_id, it.expires_at, it.remembered_until, it.password_version, it.tries, at =
    struct.unpack(CHALLENGE, packed, at)
  if has("code") then
    it.code, at = struct.unpack(DIGEST, packed, at)
  end
  if has("token") then
    it.token, at = struct.unpack(DIGEST, packed, at)
  end
  if has("claim") then
    it.claimed_until, it.claim_id = struct.unpack(CLAIM, packed, at)
  end
  return it
end

-- The account as it is at `now`, without what is over by then. An account nobody knows is empty.
local function unpack_account(packed, now)
  local account = { sequence = 0, returned = NONE, sent = NONE, guesses = NONE }
  if not packed then
    return account
  end
  local format, parts, sequence, at = struct.unpack(HEAD, packed)
  if format ~= FORMAT then
    error("an account's record has the unknown format " .. format)
  end
  account.sequence = sequence
  local function has(part)
    return bit.band(parts, HAS[part]) ~= 0
  end
  for _, name in ipairs(COUNTERS) do
    if has(name) then
      local counter
      counter, at = unpack_counter(packed, at)
      account[name] = counter.ends_at > now and counter or NONE
    end
  end
  if has("challenge") then
    local challenge = unpack_challenge(packed, at, has)
    account.challenge = challenge.remembered_until > now and challenge or nil
  end
  return account
end

local function pack_account(account)
  local parts, body = 0, {}
  local function add(part, packed)
    parts = parts + HAS[part]
    body[#body + 1] = packed
  end
  for _, name in ipairs(COUNTERS) do
    if account[name].count > 0 then
      add(name, pack_counter(account[name]))
    end
  end
  local it = account.challenge
  if it then
    add("challenge",
      struct.pack(CHALLENGE, it.key_id, it.expires_at, it.remembered_until, it.password_version, it.tries))
    if it.code then add("code", it.code) end
    if it.token then add("token", it.token) end
    if it.used then add("used", "") end
    if it.claim_id then add("claim", struct.pack(CLAIM, it.claimed_until, #it.claim_id, it.claim_id)) end
  end
  return struct.pack(HEAD, FORMAT, parts, account.sequence) .. table.concat(body)
end

-- Keeps the record until nothing in it matters any more: no challenge, no window, no sequence.
local function save_account(account, now)
  local keep_until = account.sequence + SEQUENCE_KEPT_MS
  for _, name in ipairs(COUNTERS) do
    keep_until = math.max(keep_until, account[name].ends_at)
  end
  if account.challenge then
    keep_until = math.max(keep_until, account.challenge.remembered_until)
  end
  redis.call("SET", KEYS[1], pack_account(account), "PX", keep_until - now)
end

-- Greater than every one before, and at least the time.
local function next_sequence(account, now)
  account.sequence = math.max(account.sequence + 1, now)
  return account.sequence
end

-- Burns the challenge, if any, for ever; its digests stay as a tombstone that tells "used" from "wrong".
local function burn(account)
  local it = account.challenge
  if it then
    it.used, it.claim_id, it.claimed_until = true, nil, nil
  end
end
