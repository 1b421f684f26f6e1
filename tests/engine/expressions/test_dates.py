import pytest

from tests.engine.expressions.evaluation import value
from xtsync_tui.engine.expressions import EvaluationError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-03-16-07:00", "3/16/2020 7:00:00 AM"),
        ("2021-06-30+08:00", "6/29/2021 4:00:00 PM"),
        ("2009-06-15T01:45:30-07:00", "6/15/2009 8:45:30 AM"),
        ("2009-06-15T01:45:30.1234567Z", "6/15/2009 1:45:30 AM"),
        ("2012-01-01 23:00:00", "1/1/2012 11:00:00 PM"),
        ("12/31/2025 12:05:00 AM", "12/31/2025 12:05:00 AM"),
        ("2013-01-10 4:00 PM -8", "1/11/2013 12:00:00 AM"),
        ("Fri, 16 Mar 2012 07:00:00 GMT", "3/16/2012 7:00:00 AM"),
        ("March 16, 2012", "3/16/2012 12:00:00 AM"),
    ],
)
def test_dates_are_read_in_the_forms_of_the_pages(text: str, expected: str) -> None:
    assert value("CDate([d])", d=text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "20200101", "31/12/2020", "2021-02-29", "2020-01-01 25:00", "9999-12-31T23:59:59-04:00"],
)
def test_what_is_no_date_fails(text: str) -> None:
    with pytest.raises(EvaluationError):
        value("CDate([d])", d=text)


@pytest.mark.parametrize(
    ("interval", "count", "start", "expected"),
    [
        ("m", 1, "2024-01-31", "2/29/2024 12:00:00 AM"),
        ("yyyy", -1, "2024-02-29", "2/28/2023 12:00:00 AM"),
        ("ww", 2, "2012-03-16", "3/30/2012 12:00:00 AM"),
        ("n", -10, "2021-08-24", "8/23/2021 11:50:00 PM"),
    ],
)
def test_intervals_are_added_by_the_calendar(interval: str, count: int, start: str, expected: str) -> None:
    assert value(f'DateAdd("{interval}", {count}, "{start}")') == expected


@pytest.mark.parametrize(
    "call", ['DateAdd("x", 1, Now())', 'DateDiff("x", Now(), Now())', 'DateAdd("d", 9999999, Now())']
)
def test_an_unknown_interval_or_a_year_beyond_9999_fails(call: str) -> None:
    with pytest.raises(EvaluationError):
        value(call)


@pytest.mark.parametrize(
    ("interval", "first", "second", "expected"),
    [
        ("yyyy", "2021-12-31", "2022-01-01", "1"),
        ("m", "2021-01-31", "2021-03-01", "2"),
        ("ww", "2021-08-28", "2021-08-29", "1"),
        ("ww", "8/25/2021 5:41:18 PM", "2012-03-16-07:00", "-493"),
        ("d", "2021-08-24T12:00:00", "2021-08-23T13:00:00", "0"),
        ("h", "2021-08-24", "2021-08-25", "24"),
    ],
)
def test_differences_are_those_of_visual_basic(interval: str, first: str, second: str, expected: str) -> None:
    assert value(f'DateDiff("{interval}", "{first}", "{second}")') == expected


def test_file_times_count_from_1601() -> None:
    assert value('NumFromDate("1601-01-01")') == "0"
    assert value('NumFromDate("2020-12-31 23:59:59-08:00")') == "132539615990000000"
    assert value("DateFromNum(129699324000000000)") == "1/1/2012 11:00:00 PM"
    with pytest.raises(EvaluationError, match="before 1601"):
        value('NumFromDate("1600-12-31")')


@pytest.mark.parametrize(
    ("source", "given", "wanted", "expected"),
    [
        ("20150123105347.1Z", "yyyyMMddHHmmss.fZ", "yyyy-MM-dd", "2015-01-23"),
        ("3/5/2026 1:30:00 PM", "M/d/yyyy h:mm:ss tt", "yyyyMMddHHmmss", "20260305133000"),
        ("3/5/2026 01:30:00 AM", "M/d/yyyy hh:mm:ss tt", "%H %m %d", "1 30 5"),
        (" 2021-06-30+08:00 ", "yyyy-MM-ddzzz", "yyyy-MM-dd", "2021-06-29"),
        ("2021-06-30", "yyyy-MM-dd", "dddd, d MMMM yy 'at' h tt g", "Wednesday, 30 June 21 at 12 AM A.D."),
        ("30 Jun 49", "d MMM yy", "yyyyy", "02049"),
        ("10:05", "HH:mm", "yyyy-MM-ddTHH:mm", "2025-07-30T10:05"),
        (
            "2021-06-30T01:02:03.0450000Z",
            "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
            "ss.FFFF fff K z",
            "03.045 045 Z +0",
        ),
        ("2021-06-30T01:02:03", "yyyy-MM-ddTHH:mm:ss.FFF", "s.F", "3"),
        ("2021-06-30T01:02:03", "s", "d", "06/30/2021"),
    ],
)
def test_formats_are_those_of_dotnet(source: str, given: str, wanted: str, expected: str) -> None:
    assert value(f'FormatDateTime([d], , "{given}", "{wanted}")', d=source) == expected


@pytest.mark.parametrize(
    ("source", "given"),
    [
        ("2021-6-30", "yyyy-MM-dd"),
        ("2021-06-30 x", "yyyy-MM-dd"),
        ("Mon 2021-06-30", "ddd yyyy-MM-dd"),
        ("13 PM", "hh tt"),
        ("13 AM", "HH tt"),
        ("2021 2022", "yyyy yyyy"),
        ("x", "q"),
        ("", "yyyy"),
        ("2021", ""),
    ],
)
def test_a_text_that_does_not_match_its_format_exactly_fails(source: str, given: str) -> None:
    with pytest.raises(EvaluationError):
        value(f'FormatDateTime([d], "{given}", "yyyy")', d=source)


def test_styles_decide_about_blanks_and_the_missing_day() -> None:
    assert value('FormatDateTime(" 2021 ", "AllowWhiteSpaces", "yyyy", "yyyy")') == "2021"
    assert value('FormatDateTime("5", "NoCurrentDateDefault", "%H", "yyyy")') == "0001"
    assert value('FormatDateTime("2021-6 -3", "AllowInnerWhite", "yyyy - M - d", "MM")') == "06"
    for styles in ("None", "Sometimes"):
        with pytest.raises(EvaluationError):
            value(f'FormatDateTime(" 2021", "{styles}", "yyyy", "yyyy")')
