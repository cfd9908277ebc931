"""The off-chain register (6.2.1), built from events alone: history, holdings, supply, as of any instant.

events      what is read          decoding   logs to events        calendar       splits and record dates
state       what is remembered    fold       event by event        register       what can be asked
follower    from the node         reconcile  against the chain     acquisitions   lots by date
epochs      of each move
"""
