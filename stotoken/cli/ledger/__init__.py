"""`stotoken ledger`: the register, replayed from events alone."""

from stotoken.cli.frame import Group

COMMAND = Group(
    "ledger",
    help="The register, replayed from events alone.",
    modules=tuple(f"stotoken.cli.ledger.{name}" for name in ("reporting", "proving", "syncing")),
)
