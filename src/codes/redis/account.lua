-- Fragment: an account's record, unpacked and packed. Shared by every script of this room.
--
-- Everything of one account is one string, so that a live code costs one key. Big-endian, times in ms since 1970; a part
-- that is not there takes no bytes.
--    1  format: 2 when the byte of further parts is there, else 1
--    1  which parts are there: the bits below
--    1  which further parts are there
--    6  sequence: the greatest that was given out
--    8  for each counter whose window runs: returned, sent, guesses (as in charges.lua)
--       the last veto:
--    6  vetoed at    6  blocked until    6  remembered until
--       the challenge:
--    1  key id    6  expires at    4  remembered for    7  password version    2  tries
--   16  code digest
--   16  token digest
--    6  code expires at, when that is not when the challenge does
--    1  key id of the challenge that this one replaced    16  its code digest    16  its token digest
--    6  claimed until    1 + n  claim id behind its length

-- @include ../../throttle/redis/charges.lua

-- What needs no further part is written as before, so that it costs no byte and the version before can read it.
local FORMAT, FORMAT_WITH_FURTHER = 1, 2
local RETURNED, SENT, GUESSES, CHALLENGE, CODE, TOKEN, USED, CLAIMED = 1, 2, 4, 8, 16, 32, 64, 128
local CODE_EXPIRY, PREVIOUS_CODE, PREVIOUS_TOKEN, VETO = 1, 2, 4, 8
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

local function unpack_digest(packed, at, is_there)
  if not is_there then
    return nil, at
  end
  return struct.unpack("c16", packed, at)
end

local function unpack_previous(packed, at, further)
  local it = {}
  it.key_id, at = struct.unpack("B", packed, at)
  it.code, at = unpack_digest(packed, at, bit.band(further, PREVIOUS_CODE) ~= 0)
  it.token, at = unpack_digest(packed, at, bit.band(further, PREVIOUS_TOKEN) ~= 0)
  return it, at
end

local function unpack_challenge(packed, at, parts, further)
  local it = { used = bit.band(parts, USED) ~= 0 }
  it.key_id, it.expires_at, it.remember_ms, it.password_version, it.tries, at =
    struct.unpack(">BI6I4I7I2", packed, at)
  it.code, at = unpack_digest(packed, at, bit.band(parts, CODE) ~= 0)
  it.token, at = unpack_digest(packed, at, bit.band(parts, TOKEN) ~= 0)
  it.code_expires_at = it.expires_at
  if bit.band(further, CODE_EXPIRY) ~= 0 then
    it.code_expires_at, at = struct.unpack(">I6", packed, at)
  end
  if bit.band(further, PREVIOUS_CODE + PREVIOUS_TOKEN) ~= 0 then
    it.previous, at = unpack_previous(packed, at, further)
  end
  if bit.band(parts, CLAIMED) ~= 0 then
    it.claimed_until, it.claim_id = struct.unpack(">I6Bc0", packed, at)
  end
  return it
end

-- The veto at byte `at`, unless nobody needs to remember it any more; and the byte behind it.
local function unpack_veto(packed, at, now)
  local it = {}
  it.at, it.blocked_until, it.remembered_until, at = struct.unpack(">I6I6I6", packed, at)
  return it.remembered_until > now and it or nil, at
end

-- The parts, the further parts, and the byte behind them.
local function unpack_head(packed)
  local format, parts, at = struct.unpack("BB", packed)
  if format == FORMAT then
    return parts, 0, at
  end
  if format ~= FORMAT_WITH_FURTHER then
    error("an account's record has the unknown format " .. format)
  end
  local further
  further, at = struct.unpack("B", packed, at)
  return parts, further, at
end

-- The account as it is at `now`, without what is over by then. One that nobody knows is empty.
local function unpack_account(packed, now)
  local parts, further, sequence, at = 0, 0, 0, 1
  if packed then
    parts, further, at = unpack_head(packed)
    sequence, at = struct.unpack(">I6", packed, at)
  end
  local account = { sequence = sequence }
  account.returned, at = unpack_counter(packed, at, bit.band(parts, RETURNED) ~= 0, now)
  account.sent, at = unpack_counter(packed, at, bit.band(parts, SENT) ~= 0, now)
  account.guesses, at = unpack_counter(packed, at, bit.band(parts, GUESSES) ~= 0, now)
  if bit.band(further, VETO) ~= 0 then
    account.veto, at = unpack_veto(packed, at, now)
  end
  if bit.band(parts, CHALLENGE) ~= 0 then
    local it = unpack_challenge(packed, at, parts, further)
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

-- What the further parts add to their bits, and their bytes.
local function pack_further(it)
  local further, packed = 0, ""
  if it.code_expires_at ~= it.expires_at then
    further, packed = CODE_EXPIRY, struct.pack(">I6", it.code_expires_at)
  end
  local previous = it.previous
  if previous then
    further = further + (previous.code and PREVIOUS_CODE or 0) + (previous.token and PREVIOUS_TOKEN or 0)
    packed = packed .. struct.pack("B", previous.key_id) .. (previous.code or "") .. (previous.token or "")
  end
  return further, packed
end

local function pack_challenge(it)
  local parts = CHALLENGE + (it.code and CODE or 0) + (it.token and TOKEN or 0) + (it.used and USED or 0)
  local further, further_packed = pack_further(it)
  local packed = struct.pack(">BI6I4I7I2", it.key_id, it.expires_at, it.remember_ms, it.password_version, it.tries)
    .. (it.code or "") .. (it.token or "") .. further_packed
  if not it.claim_id then
    return parts, further, packed
  end
  return parts + CLAIMED, further, packed .. struct.pack(">I6Bc0", it.claimed_until, #it.claim_id, it.claim_id)
end

local function pack_account(account)
  local has_returned, returned = pack_counter(account.returned, RETURNED)
  local has_sent, sent = pack_counter(account.sent, SENT)
  local has_guesses, guesses = pack_counter(account.guesses, GUESSES)
  local has_challenge, further, challenge = 0, 0, ""
  if account.challenge then
    has_challenge, further, challenge = pack_challenge(account.challenge)
  end
  local veto = ""
  if account.veto then
    local it = account.veto
    further = further + VETO
    veto = struct.pack(">I6I6I6", it.at, it.blocked_until, it.remembered_until)
  end
  local parts = has_returned + has_sent + has_guesses + has_challenge
  local head = further == 0 and struct.pack("BB", FORMAT, parts)
    or struct.pack("BBB", FORMAT_WITH_FURTHER, parts, further)
  return head .. struct.pack(">I6", account.sequence) .. returned .. sent .. guesses .. veto .. challenge
end

-- Keeps the record until nothing in it matters any more: no challenge, no veto, no window, no sequence.
local function save_account(account, now)
  local it = account.challenge
  local keep_until = math.max(
    account.sequence + SEQUENCE_KEPT_MS,
    account.returned.ends_at,
    account.sent.ends_at,
    account.guesses.ends_at,
    it and it.expires_at + it.remember_ms or 0,
    account.veto and account.veto.remembered_until or 0
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

-- What forbids new challenges at `now`, as an answer; nil when nothing does.
local function block_of(account, now)
  local veto = account.veto
  return veto and veto.blocked_until > now and { "blocked", veto.blocked_until - now } or nil
end
