"""The off-chain register (6.2.1), built from events alone: history, holdings, supply, as of any instant.

contracts   whose events           decoding   logs to events (moves: the many)   calendar   splits and record dates
stretches   blocks read ahead      fold       event by event, lots among them    writer     to rows, a stretch at once
follower    in step with a chain   store      how far it was read                database   SQLite or PostgreSQL
schema      the tables             migrations how they came to be                reading    asked of them by many
register    what can be asked      lineage    every move, read back              reconcile  against the chain
acquisitions   lots by date
"""
