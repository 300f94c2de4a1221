-- Charges every counter, or none when one of them is full.
--
-- KEYS     each counter
-- ARGV[1]  now, ms since 1970
-- ARGV[2…] for each counter: its limit's name, max or "", window in ms
-- Returns  { "granted" }
--          { "limited", name of the limit that is free last, ms until it is }
--
-- One script, because between a look at one counter and the charge to another somebody else would slip in.

-- @include charges.lua

local now = tonumber(ARGV[1])
local charges = read_charges(redis.call("MGET", unpack(KEYS)), 1, 2)

local refusal = refusal_of(charges, now)
if refusal then
  return refusal
end

pay(charges, now)
return { "granted" }
