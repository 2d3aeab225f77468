"""Where records live: in a folder, on a team's server, or in the process only; all keep the same contract."""
