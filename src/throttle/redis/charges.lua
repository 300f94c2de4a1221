-- Fragment: may these counters be charged, and charging them. Shared by every script that counts.
--
-- A counter is how many (2 bytes) and the instant at which its window ends (6 bytes, ms since 1970), big-endian. The
-- end is judged by the time that the caller tells; the key's expiry only sweeps up.

local COUNTER = ">I2I6"
-- Where a count stops: all that 2 bytes hold. Limits are at most 65,000.
local MOST = 65535
local NONE = { count = 0, ends_at = 0 }

local function pack_counter(counter)
  return struct.pack(COUNTER, counter.count, counter.ends_at)
end

-- The counter at byte `at`, and the byte behind it.
local function unpack_counter(packed, at)
  local count, ends_at, behind = struct.unpack(COUNTER, packed, at)
  return { count = count, ends_at = ends_at }, behind
end

local function is_full(counter, max, now)
  return counter.ends_at > now and counter.count >= max
end

-- One more in the window that runs, or the first of a new one.
local function one_more(counter, window_ms, now)
  if counter.ends_at > now then
    return { count = math.min(counter.count + 1, MOST), ends_at = counter.ends_at }
  end
  return { count = 1, ends_at = now + window_ms }
end

-- The charges of a call: the counters are KEYS[first_key] and all behind it, `stored` holds what is at every key, and
-- each has three arguments from ARGV[first_arg] on: its limit's name, max, and window in ms.
local function read_charges(stored, first_key, first_arg)
  local charges = {}
  for i = first_key, #KEYS do
    local arg = first_arg + 3 * (i - first_key)
    charges[#charges + 1] = {
      key = KEYS[i],
      counter = stored[i] and unpack_counter(stored[i], 1) or NONE,
      limit = ARGV[arg],
      max = tonumber(ARGV[arg + 1]),
      window_ms = tonumber(ARGV[arg + 2]),
    }
  end
  return charges
end

-- nil when every charge fits. Otherwise the answer: the limit that is free last, and in how many ms.
local function refusal_of(charges, now)
  local last
  for _, charge in ipairs(charges) do
    if is_full(charge.counter, charge.max, now) and (not last or charge.counter.ends_at > last.counter.ends_at) then
      last = charge
    end
  end
  return last and { "limited", last.limit, last.counter.ends_at - now }
end

local function save_charges(charges, now)
  for _, charge in ipairs(charges) do
    local counter = one_more(charge.counter, charge.window_ms, now)
    redis.call("SET", charge.key, pack_counter(counter), "PX", counter.ends_at - now)
  end
end
