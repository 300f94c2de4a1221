// A thread that dies before it can take any work.

throw new Error("does not load");
