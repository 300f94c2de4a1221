// How do many commands cost one system call? What is written within a turn of the event loop goes out together at its end.

import type { Cluster, Redis } from "ioredis";

/**
 * Call it before each command. A Cluster has a connection for each node, and is left as it is. The connection that was
 * held back is the one let go, even if the driver has opened another since: that one holds nothing back.
 */
export function gatherWrites(client: Redis | Cluster): () => void {
  if (isCluster(client)) return () => undefined;
  let held: Redis["stream"] | undefined;
  const letGo = () => {
    held?.uncork();
    held = undefined;
  };
  return () => {
    // Absent while the driver connects for the first time.
    const stream = client.stream as Redis["stream"] | undefined;
    if (held !== undefined || stream === undefined) return;
    held = stream;
    stream.cork();
    setImmediate(letGo);
  };
}

function isCluster(client: Redis | Cluster): client is Cluster {
  return client.isCluster;
}
