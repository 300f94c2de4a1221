-- Fragment: an account's record, unpacked and packed. Shared by every script of this room.
--
-- Everything of one account is one string, so that a live code costs one key. Big-endian, times in ms since 1970; a part
-- that is not there takes no bytes.
--    1  format, always 1
--    1  which parts are there: the bits below
--    6  sequence: the greatest that was given out
--    8  for each counter whose window runs: returned, sent, guesses (as in charges.lua)
--       the challenge:
--    1  key id    6  expires at    4  remembered for    7  password version    2  tries
--   16  code digest
--   16  token digest
--    6  claimed until    1 + n  claim id behind its length

-- @include ../../throttle/redis/charges.lua

local FORMAT = 1
local RETURNED, SENT, GUESSES, CHALLENGE, CODE, TOKEN, USED, CLAIMED = 1, 2, 4, 8, 16, 32, 64, 128
-- A sequence matters until the time has passed it, on every clock. Clocks of processes differ by less than this.
local SEQUENCE_KEPT_MS = 60000

-- The counter at byte `at`, when it is there and its window runs; and the byte behind it.
local function unpack_counter(packed, at, is_there, now)
  local count, ends_at = 0, 0
  if is_there then
    count, ends_at, at = struct.unpack(COUNTER, packed, at)
  end
  if ends_at <= now then
    count, ends_at = 0, 0
  end
  return { count = count, ends_at = ends_at }, at
end

local function unpack_challenge(packed, at, parts)
  local it = { used = bit.band(parts, USED) ~= 0 }
  it.key_id, it.expires_at, it.remember_ms, it.password_version, it.tries, at =
    struct.unpack(">BI6I4I7I2", packed, at)
  if bit.band(parts, CODE) ~= 0 then
    it.code, at = struct.unpack("c16", packed, at)
  end
  if bit.band(parts, TOKEN) ~= 0 then
    it.token, at = struct.unpack("c16", packed, at)
  end
  if bit.band(parts, CLAIMED) ~= 0 then
    it.claimed_until, it.claim_id = struct.unpack(">I6Bc0", packed, at)
  end
  return it
end

-- The account as it is at `now`, without what is over by then. One that nobody knows is empty.
local function unpack_account(packed, now)
  local format, parts, sequence, at = FORMAT, 0, 0, 1
  if packed then
    format, parts, sequence, at = struct.unpack(">BBI6", packed)
  end
  if format ~= FORMAT then
    error("an account's record has the unknown format " .. format)
  end
  local account = { sequence = sequence }
  account.returned, at = unpack_counter(packed, at, bit.band(parts, RETURNED) ~= 0, now)
  account.sent, at = unpack_counter(packed, at, bit.band(parts, SENT) ~= 0, now)
  account.guesses, at = unpack_counter(packed, at, bit.band(parts, GUESSES) ~= 0, now)
  if bit.band(parts, CHALLENGE) ~= 0 then
    local it = unpack_challenge(packed, at, parts)
    if it.expires_at + it.remember_ms > now then
      account.challenge = it
    end
  end
  return account
end

-- What a part adds to the bits, and its bytes: nothing when the counter stands at nothing.
local function pack_counter(counter, part)
  if counter.count == 0 then
    return 0, ""
  end
  return part, struct.pack(COUNTER, counter.count, counter.ends_at)
end

local function pack_challenge(it)
  local parts = CHALLENGE + (it.code and CODE or 0) + (it.token and TOKEN or 0) + (it.used and USED or 0)
  local packed = struct.pack(">BI6I4I7I2", it.key_id, it.expires_at, it.remember_ms, it.password_version, it.tries)
    .. (it.code or "") .. (it.token or "")
  if not it.claim_id then
    return parts, packed
  end
  return parts + CLAIMED, packed .. struct.pack(">I6Bc0", it.claimed_until, #it.claim_id, it.claim_id)
end

local function pack_account(account)
  local has_returned, returned = pack_counter(account.returned, RETURNED)
  local has_sent, sent = pack_counter(account.sent, SENT)
  local has_guesses, guesses = pack_counter(account.guesses, GUESSES)
  local has_challenge, challenge = 0, ""
  if account.challenge then
    has_challenge, challenge = pack_challenge(account.challenge)
  end
  local parts = has_returned + has_sent + has_guesses + has_challenge
  return struct.pack(">BBI6", FORMAT, parts, account.sequence) .. returned .. sent .. guesses .. challenge
end

-- Keeps the record until nothing in it matters any more: no challenge, no window, no sequence.
local function save_account(account, now)
  local it = account.challenge
  local keep_until = math.max(
    account.sequence + SEQUENCE_KEPT_MS,
    account.returned.ends_at,
    account.sent.ends_at,
    account.guesses.ends_at,
    it and it.expires_at + it.remember_ms or 0
  )
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
