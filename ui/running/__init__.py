"""Jobs in child processes: work that can be stopped, has a memory limit, and cannot hang or crash who asked for it."""
