"""Reading one job's log: bytes → steps, groups, env blocks, and the lines around a place. Bytes in, offsets out."""
