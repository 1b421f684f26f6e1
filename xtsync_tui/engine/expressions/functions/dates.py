"""The functions of dates ("functions for customizing application data")."""

import calendar

from xtsync_tui.engine.expressions.functions import formats, moments
from xtsync_tui.engine.expressions.functions.moments import DAY, HOUR, MINUTE, SECOND, Moment
from xtsync_tui.engine.expressions.functions.registry import (
    Context,
    FunctionError,
    Kind,
    Parameter,
    function,
    optional,
)
from xtsync_tui.engine.values import Value

_DATE = Kind.DATE
_TICKS = {"ww": 7 * DAY, "d": DAY, "h": HOUR, "n": MINUTE, "s": SECOND}
_MONTHS = {"yyyy": 12, "m": 1}
_INTERVALS = "yyyy, m (month), d, ww (week), h, n (minute) or s"


@function(
    "Now",
    result=_DATE,
    help="The current time in UTC, as 3/16/2020 7:00:00 AM.",
    example="Now() gives 3/16/2020 7:00:00 AM",
    with_context=True,
)
def now(context: Context) -> Value:
    """Return the time of the context's clock."""
    return moments.to_text(moments.from_datetime(context.now()))


@function(
    "CDate",
    Parameter("expression"),
    result=_DATE,
    help="A text as a date in UTC. With an offset it is converted, without one it counts as UTC.",
    example='CDate("2020-03-16-07:00") gives 3/16/2020 7:00:00 AM',
)
def c_date(value: str | None) -> Value:
    """Return the date in the form of all date functions."""
    return moments.to_text(moments.read(value))


@function(
    "DateAdd",
    Parameter("interval"),
    Parameter("value", Kind.INTEGER),
    Parameter("dateTime", _DATE),
    result=_DATE,
    help=f"A date some intervals later, or earlier with a negative value. The interval is {_INTERVALS}.",
    example='DateAdd("d", 7, CDate("2012-03-16")) gives 3/23/2012 12:00:00 AM',
)
def date_add(interval: str | None, value: int, date: str | None) -> Value:
    """Return the later date. Not documented for a day the month lacks: its last day, as .NET does."""
    start = moments.read(date)
    if interval in _TICKS:
        return moments.to_text(Moment(start.ticks + value * _TICKS[interval]))
    if interval not in _MONTHS:
        raise FunctionError(f"the interval is {_INTERVALS}")
    return moments.to_text(_add_months(start, value * _MONTHS[interval]))


def _add_months(start: Moment, months: int) -> Moment:
    day = start.day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise FunctionError("the date is outside of the years 1 to 9999")
    last = calendar.monthrange(year, month + 1)[1]
    return Moment(moments.moment(year, month + 1, min(day.day, last)).ticks + start.ticks % DAY)


@function(
    "DateDiff",
    Parameter("interval"),
    Parameter("date1", _DATE),
    Parameter("date2", _DATE),
    result=Kind.INTEGER,
    help=f"How many intervals date2 is later than date1. The interval is {_INTERVALS}. Years and months are "
    "counted by the calendar, weeks from Sunday to Sunday, the rest by elapsed time.",
    example='DateDiff("d", CDate("2021-08-18"), CDate("2021-08-31")) gives 13',
)
def date_diff(interval: str | None, date1: str | None, date2: str | None) -> Value:
    """Return the difference as Visual Basic's DateDiff counts it: that fits the page's table."""
    first, second = moments.read(date1), moments.read(date2)
    years, months = second.day.year - first.day.year, second.day.month - first.day.month
    if interval == "yyyy":
        return str(years)
    if interval == "m":
        return str(years * 12 + months)
    if interval == "ww":
        return str(_truncated(_truncated(_week_start(second) - _week_start(first), DAY), 7))
    if interval not in _TICKS:
        raise FunctionError(f"the interval is {_INTERVALS}")
    return str(_truncated(second.ticks - first.ticks, _TICKS[interval]))


def _week_start(value: Moment) -> int:
    """Return the ticks moved back by the day of the week, Sunday being 1: Visual Basic's rule for ww."""
    return value.ticks - (value.day.isoweekday() % 7 + 1) * DAY


def _truncated(amount: int, unit: int) -> int:
    return -(-amount // unit) if amount < 0 else amount // unit


@function(
    "DateFromNum",
    Parameter("value", Kind.INTEGER),
    result=_DATE,
    help="A date from a FILETIME number: units of 100 ns since 1601, as in Active Directory's timestamps.",
    example="DateFromNum(129699324000000000) gives 1/1/2012 11:00:00 PM",
)
def date_from_num(value: int) -> Value:
    """Return the date in the form of all date functions."""
    return moments.to_text(Moment(moments.FILETIME_EPOCH + value))


@function(
    "NumFromDate",
    Parameter("value", _DATE),
    result=Kind.INTEGER,
    help="The FILETIME number of a date: units of 100 ns since 1601, as in Active Directory's timestamps.",
    example='NumFromDate("2012-01-01T23:00:00Z") gives 129699324000000000',
)
def num_from_date(value: str | None) -> Value:
    """Return the number as text; a date before 1601 has none."""
    ticks = moments.read(value).ticks - moments.FILETIME_EPOCH
    if ticks < 0:
        raise FunctionError("there is no FILETIME before 1601")
    return str(ticks)


@function(
    "FormatDateTime",
    Parameter("source"),
    optional("dateTimeStyles"),
    Parameter("inputFormat"),
    Parameter("outputFormat"),
    other_form=(Parameter("source"), Parameter("inputFormat"), Parameter("outputFormat")),
    help="A date in another format. The source must have the input format exactly. Formats are those of "
    ".NET: yyyy-MM-dd, M/d/yyyy h:mm:ss tt, ddd, fff, zzz.",
    example='FormatDateTime([endDate], , "M/d/yyyy h:mm:ss tt", "yyyy-MM-dd") gives 2026-03-05',
    with_context=True,
)
def format_date_time(context: Context, *arguments: str | None) -> Value:
    """Return the date in the output format."""
    source, *styles, given, wanted = arguments
    if not source:
        raise FunctionError("a date is needed here")
    style = styles[0] if styles else None
    value = formats.read_exact(source, given or "", style, lambda: moments.from_datetime(context.now()))
    return formats.write(value, wanted or "")
