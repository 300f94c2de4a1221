-- Gives a claim back, so that the secret works again.
--
-- KEYS[1]  the account's record
-- ARGV[1]  claim id
-- Returns  { "released" }
--          { "not_yours" }: the claim is no longer this one; nothing happened
--
-- One script, because between the look at the claim and the write somebody else may claim.

-- @include account.lua

-- The time does not matter here: nothing is over, and the record keeps the expiry that it has.
local account = unpack_account(redis.call("GET", KEYS[1]), 0)
local challenge = account.challenge
if not challenge or challenge.claim_id ~= ARGV[1] then
  return { "not_yours" }
end
challenge.claim_id, challenge.claimed_until = nil, nil
redis.call("SET", KEYS[1], pack_account(account), "KEEPTTL")
return { "released" }
