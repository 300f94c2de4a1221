-- Tells how much was charged to each counter in the window that runs.
--
-- KEYS     each counter
-- ARGV[1]  now, ms since 1970
-- Returns  for each counter: how many
--
-- One script, because only scripts read what charges.lua packs.

-- @include charges.lua

local now = tonumber(ARGV[1])
local stored = redis.call("MGET", unpack(KEYS))
local counts = {}
for i = 1, #KEYS do
  local count, ends_at = 0, 0
  if stored[i] then
    count, ends_at = struct.unpack(COUNTER, stored[i])
  end
  counts[i] = ends_at > now and count or 0
end
return counts
