"""What a child process can be asked for: one file a job, listed in `registry`."""
