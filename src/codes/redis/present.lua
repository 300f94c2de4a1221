-- Fragment: judges a presented secret and counts it. Shared by check-code.lua and claim-code.lua, whose KEYS and ARGV it
-- reads: see there.

-- @include account.lua

-- Lua keeps one copy of each string, so `==` compares two addresses: it takes the same time whatever the bytes are.
-- Digests of the secrets' own key count; where there is no secret of this kind, nothing matches.
local function matches(secrets, kind, first, last)
  for i = first, last, 2 do
    if tonumber(ARGV[i]) == secrets.key_id and ARGV[i + 1] == secrets[kind] then
      return true
    end
  end
  return false
end

-- When a secret of this kind ends.
local function end_of(challenge, kind)
  return kind == "code" and challenge.code_expires_at or challenge.expires_at
end

-- A wrong or refused try, and a wrong guess. A token has too many bits to be guessed: it is never counted, so nobody can
-- stop a link by guessing.
local function count(account, try, guess, budget_ms, now)
  local it = account.challenge
  if try then
    it.tries = math.min(it.tries + 1, MOST)
  end
  if guess and budget_ms then
    count_one(account.guesses, budget_ms, now)
  end
  save_account(account, now)
end

-- Returns why the secret is not accepted, or nil; then the challenge and its account. Saves what it counts.
local function present(now)
  local last_candidate = 9 + 2 * tonumber(ARGV[9])
  local stored = redis.call("MGET", unpack(KEYS))
  local charges = read_charges(stored, 2, last_candidate + 1)
  local refusal = refusal_of(charges, now)
  if refusal then
    return refusal
  end
  pay(charges, now)

  local account = unpack_account(stored[1], now)
  local it = account.challenge
  if not it then
    return { "absent" }
  end

  local kind, max_tries = ARGV[2], tonumber(ARGV[3])
  local is_code = kind == "code"
  local budget_ms = ARGV[4] ~= "" and tonumber(ARGV[6])
  if is_code and budget_ms and is_full(account.guesses, tonumber(ARGV[5]), now) then
    count(account, true, false, budget_ms, now)
    return { "over_budget", ARGV[4], account.guesses.ends_at - now }
  end

  local is_over = it.used or end_of(it, kind) <= now
  -- Before the comparison counts for anything: beyond the ceiling the right code is answered like a wrong one.
  if is_code and not is_over and it.tries >= max_tries then
    count(account, true, false, budget_ms, now)
    return { "exhausted" }
  end

  local matched = matches(it, kind, 10, last_candidate)
  local superseded = not matched and it.previous and matches(it.previous, kind, 10, last_candidate)
  local block = (matched or superseded) and block_of(account, now)
  if block then
    return block
  end
  if superseded then
    return { "superseded" }
  end
  if is_code and not matched then
    count(account, not is_over, true, budget_ms, now)
  end
  if is_over then
    return { it.used and "used" or "expired", matched and 1 or 0 }
  end
  if not matched then
    return { "mismatch" }
  end
  if it.claim_id and it.claimed_until > now then
    return { "busy", it.claimed_until - now }
  end
  return nil, it, account
end
