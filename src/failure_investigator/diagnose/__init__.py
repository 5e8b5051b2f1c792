"""Why one job was refused: hits → refusals → the one that decided → its cause, proved by evidence."""
