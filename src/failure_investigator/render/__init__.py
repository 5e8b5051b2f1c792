"""Pages from the model: the issue, comments, the step summary, the JSON report. Untrusted text enters only escaped."""
