import pytest

from tests.engine.expressions.evaluation import value
from xtsync_tui.engine.expressions import EvaluationError


def replaced(pattern: str, replacement: str, text: str) -> object:
    return value("Replace([text], , [pattern], , [new], , )", text=text, pattern=pattern, new=replacement)


def test_given_arguments_decide_what_replace_does() -> None:
    assert value('Replace([a], "b", , , "x", , )', a="abB") == "axB"
    assert value('Replace([a], "%n", , , , , "hi %n")', a="Bob") == "hi Bob"
    assert value('Replace([a], , "(?<s>@.*)", "s", "", , )', a="j@contoso.com") == "j"
    other = 'Replace([a], , "(?<n>[0-9]+)", "n", , [b], )'
    assert value(other, a="here", b="tel 42") == "here"
    assert value(other, b="tel 42") == "42"
    assert value(other, b="tel") is None


def test_an_absent_source_gives_empty_text() -> None:
    assert value('Replace([a], , "x*", , "y", , )') == ""


@pytest.mark.parametrize(
    ("pattern", "replacement", "text", "expected"),
    [
        (r"(?<y>\d{4})-(?<m>\d\d)", "${m}/${y}", "on 2020-11", "on 11/2020"),
        (r"(?'y'\d+)", "<${y}>", "a1", "a<1>"),
        # Groups without a name count first.
        ("(x)(?<n>y)(z)", "$1$2$3", "xyz", "xzy"),
        ("b", "[$$|$&|$`|$'|$_|$9|${no}]", "abc", "a[$|b|a|c|abc|$9|${no}]c"),
        (r"(?<q>.)\k<q>", "${q}", "aabbc", "abc"),
        # A name used twice is one group.
        ("(?<d>a)|(?<d>b)(c)", "[${d}$1]", "abc", "[a][bc]"),
        (r"(.)\1", "$1", "aabbc", "abc"),
        ("[a-z-[aeiou]]", "_", "hello", "_e__o"),
        ("[[&&|]", "_", "a[b&|", "a_b__"),
        ("[^]]", "_", "a]", "_]"),
        ("[+--]", "_", "a+-b", "a__b"),
        (r"\p{IsCyrillic}+", "_", "né Иван", "né _"),
        (r"foo\Z", "_", "foo\n", "_\n"),
        (r"foo\z", "_", "foo\n", "foo\n"),
        ("a{,2}", "_", "a{,2} aa", "_ aa"),
        ("x*", "-", "abxc", "-a-b--c-"),
        ("(?i)ABC(?#comment)", "_", "xabc", "x_"),
        (r"(?<!a)b|\x41\u0042\e", "_", "bab", "_ab"),
        ("(?<x>a)?(?(x)b|c)", "_", "abc", "__"),
    ],
)
def test_regular_expressions_are_those_of_dotnet(
    pattern: str, replacement: str, text: str, expected: str
) -> None:
    assert replaced(pattern, replacement, text) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        "[",
        "(?P<x>a)",
        "(?<a-b>a)",
        "(?n)a",
        r"(a)\2",
        r"\k<no>",
        "(?R)",
        "a**",
        r"\m",
        "[z-a]",
    ],
)
def test_a_pattern_that_dotnet_would_refuse_or_that_is_not_supported_fails(pattern: str) -> None:
    with pytest.raises(EvaluationError):
        replaced(pattern, "", "a")


@pytest.mark.parametrize("pattern", ["(a|a)*$", "(a|aa)+$"])
def test_a_pattern_that_does_not_end_is_stopped(pattern: str) -> None:
    with pytest.raises(EvaluationError, match="too long"):
        replaced(pattern, "", "a" * 60 + "!")


@pytest.mark.parametrize("pattern", ["((((a{999}){999}){999}){999})", "(?:(?:ab{99}){99}){99}"])
def test_a_pattern_that_would_not_fit_into_memory_is_refused(pattern: str) -> None:
    with pytest.raises(EvaluationError, match="too large"):
        replaced(pattern, "", "a")


def test_a_group_number_beyond_all_bounds_stays_text() -> None:
    number = "$" + "9" * 5000
    assert replaced("a", number, "a") == number


def test_a_long_or_deeply_nested_pattern_fails() -> None:
    for pattern in ("(" * 3000, "a" * 10_001):
        with pytest.raises(EvaluationError):
            replaced(pattern, "", "a")


def test_a_result_that_grows_without_end_fails() -> None:
    with pytest.raises(EvaluationError, match="longer than"):
        value("Replace(" * 60 + '"a"' + ', "a", , , "aa", , )' * 60)
    with pytest.raises(EvaluationError, match="longer than"):
        replaced("a", "b" * 2000, "a" * 1000)


def test_a_group_that_is_not_there_and_an_empty_old_value_fail() -> None:
    with pytest.raises(EvaluationError, match="no group nope"):
        value('Replace([a], , "a", "nope", "", , )', a="a")
    with pytest.raises(EvaluationError, match="empty"):
        value('Replace([a], "", , , "x", , )', a="a")
