"""Splits and record dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.ordering import ordered
from stotoken.cli.token import COMMAND

if TYPE_CHECKING:
    from stotoken.client.act import Act


@ordered(COMMAND, "split")
@values.the_token
@values.argument("ratio", values.ratio, metavar="1:N")
@values.option("--start", parse=values.instant, help="First day in Japan, or an instant; when executed if not given.")
def split(app: App, token: str, ratio: int, start: int | None) -> Act:
    """Propose that every unit becomes N units."""
    return app.token(token).split(ratio, start)


@ordered(COMMAND, "record-date")
@values.the_token
@values.option(
    "--day", parse=values.day_end, help="The day in Japan, at its end, or an instant; when executed if not given."
)
def record_date(app: App, token: str, day: int | None) -> Act:
    """Propose to fix the register, for ever."""
    return app.token(token).schedule_record_date(day)


@ordered(COMMAND, "cancel-date")
@values.the_token
def cancel_date(app: App, token: str) -> Act:
    """Propose to take the last date ahead off the calendar."""
    return app.token(token).cancel_last_epoch()
