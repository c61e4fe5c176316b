"""What text means: pure functions from text to values.

No Prefect, no writing, no clock, no state that changes. `flows` imports this package, never the other way round.
"""
