"""The nodes of the graph, one file each: they read the state and return updates, never change it in place."""
