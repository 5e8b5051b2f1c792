"""Where runs, jobs, logs and files come from: `github` (the live API) and `snapshot` (a recorded directory)."""
