-- Fragment: may these counters be charged, and charging them. Shared by every script that counts.
--
-- A counter rests as how many (2 bytes) and the instant at which its window ends (6 bytes, ms since 1970), big-endian.
-- The end is judged by the time that the caller tells; the key's expiry only sweeps up.

local COUNTER = ">I2I6"
-- Where a count stops: all that 2 bytes hold. Limits are at most 65,000.
local MOST = 65535

-- One more in the window that runs, or the first of a new one. True when a new one begins.
local function count_one(counter, window_ms, now)
  if counter.ends_at > now then
    counter.count = math.min(counter.count + 1, MOST)
    return false
  end
  counter.count, counter.ends_at = 1, now + window_ms
  return true
end

-- Without a max it never is.
local function is_full(counter, max, now)
  return max and counter.ends_at > now and counter.count >= max
end

-- The charges of a call, each a counter with its limit. The counters are KEYS[first_key] and all behind it; `stored`
-- holds what is at every key; each has three arguments from ARGV[first_arg] on: its limit's name, max or "", window in ms.
local function read_charges(stored, first_key, first_arg)
  local charges, arg = {}, first_arg
  for i = first_key, #KEYS do
    local count, ends_at = 0, 0
    if stored[i] then
      count, ends_at = struct.unpack(COUNTER, stored[i])
    end
    charges[i - first_key + 1] = {
      key = KEYS[i],
      count = count,
      ends_at = ends_at,
      limit = ARGV[arg],
      max = tonumber(ARGV[arg + 1]),
      window_ms = tonumber(ARGV[arg + 2]),
    }
    arg = arg + 3
  end
  return charges
end

-- nil when every charge fits. Otherwise the answer: the limit that is free last, and in how many ms.
local function refusal_of(charges, now)
  local last
  for i = 1, #charges do
    local charge = charges[i]
    if is_full(charge, charge.max, now) and (not last or charge.ends_at > last.ends_at) then
      last = charge
    end
  end
  return last and { "limited", last.limit, last.ends_at - now }
end

-- Charges them all. A counter with a key of its own is saved; its expiry is set when a window begins, and kept then.
local function pay(charges, now)
  for i = 1, #charges do
    local charge = charges[i]
    local begins = count_one(charge, charge.window_ms, now)
    if charge.key then
      local packed = struct.pack(COUNTER, charge.count, charge.ends_at)
      if begins then
        redis.call("SET", charge.key, packed, "PX", charge.window_ms)
      else
        redis.call("SET", charge.key, packed, "KEEPTTL")
      end
    end
  end
end
