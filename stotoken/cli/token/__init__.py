"""`stotoken token`: one security. Each module adds the commands of one side of it."""

from stotoken.cli.frame import Group

COMMAND = Group(
    "token",
    help="One security. TOKEN is its address or its identifier of 12 characters.",
    modules=tuple(
        f"stotoken.cli.token.{name}"
        for name in (
            "asking",
            "registers",
            "planning",
            "issuing",
            "moving",
            "restricting",
            "rules",
            "calendar",
            "remedies",
        )
    ),
)
