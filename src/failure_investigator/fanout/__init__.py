"""An organisation's sweep in three parts, on one machine or on many: plan → scan (a shard each) → report.

    plan     lists repositories and runs, observes the issues        → shards
    scan     reads jobs, logs and files of a shard's repositories    → findings
    report   decides from all findings, and writes issues

One machine does the three in a row; GitHub's matrix spreads the middle one. What travels between them is `wire.py`'s.
"""
