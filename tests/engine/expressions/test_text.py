import random

import pytest

from tests.engine.expressions.evaluation import NOW, compiled, context, value
from xtsync_tui.engine.expressions import Context, EvaluationError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Join(", ", "", [surname], [givenName])', "Doe, John"),
        ('Join(";", [addresses], [absent])', "a@x;b@x"),
        ('Append([absent], "@y")', "@y"),
        ('Left("John", 0)', ""),
        ('Left("John", -1)', "John"),
        ("Left([absent], 3)", ""),
        ('Mid("John Doe", 6, 99)', "Doe"),
        ('Mid("John Doe", 0, 2)', "John Doe"),
        ('Mid("John Doe", 2, 0)', ""),
        ("Len([absent])", "0"),
        ("Len(42568.75)", "8"),
        ('Len("😀")', "2"),
        ('InStr("abc", "C")', "0"),
        ('InStr("abc", "C", 1, vbTextCompare)', "3"),
        ('InStr("repEated", "e", 3, vbBinaryCompare)', "7"),
        ('Word("a,b;;c", 3, ",;")', "c"),
        ('Word("a b", 9, " ")', ""),
        ('Word([absent], 1, " ")', ""),
        ('StripSpaces("a b  c")', "abc"),
        ('ToUpper("straße")', "STRAßE"),
        ('ToUpper("i\u0131", "tr-TR")', "İI"),
        ('ToLower("Iİ", "az-Latn-AZ")', "\u0131i"),
        ('ToLower("İΣ")', "İσ"),
        ('PCase("PABLO GONSALVES (SECOND)")', "Pablo Gonsalves (Second)"),
        ('PCase("o\'neil mc.donald")', "O'neil Mc.Donald"),
        ('PCase("PINTO-DE\'SILVA", " \'-")', "Pinto-De'Silva"),
        ('NormalizeDiacritics("Ærøskøbing Łódź đ")', "AEroeskoebing Lodz đ"),
        ('ConvertToBase64("Hello world!")', "SABlAGwAbABvACAAdwBvAHIAbABkACEA"),
        ('ConvertToUTF8Hex("é")', "C3A9"),
        ("CStr(12.50)", "12.50"),
    ],
)
def test_text_functions_follow_their_page(text: str, expected: str) -> None:
    addresses = ("a@x", "b@x")
    assert value(text, surname="Doe", givenName="John", addresses=addresses) == expected


def test_several_values_do_not_fit_where_one_text_is_needed() -> None:
    with pytest.raises(EvaluationError, match="several values") as failure:
        value('Append([a], "x")', a=("p", "q"))
    assert (failure.value.position, failure.value.length) == (7, 3)


def test_a_culture_that_is_none_fails() -> None:
    with pytest.raises(EvaluationError, match="no culture name"):
        value('ToUpper("i", "xx_!")')


def test_random_text_meets_its_minima_and_avoids_characters() -> None:
    for seed in range(20):
        fixed = Context(lambda: NOW, random.Random(seed))  # noqa: S311 - the same in every run
        text = compiled('RandomString(8, 2, 2, 2, 2, "aA0")').evaluate({}, fixed)
        assert isinstance(text, str)
        assert sum(char.isdigit() for char in text) == 2
        assert sum(not char.isalnum() for char in text) == 2
        assert set(text).isdisjoint("aA0")


@pytest.mark.parametrize("arguments", ["257, 0, 0, 0, 0", "3, 1, 1, 1, 1", "3, -1, 0, 0, 0", "0, 0, 0, 0, 0"])
def test_random_text_needs_a_length_that_fits(arguments: str) -> None:
    with pytest.raises(EvaluationError, match="256 at most"):
        value(f"RandomString({arguments})")


def test_guids_come_from_the_random_source_that_is_passed_in() -> None:
    guid = compiled("Guid()")
    assert guid.evaluate({}, context()) == guid.evaluate({}, context())


def test_the_default_domain_comes_from_the_context_and_its_absence_fails() -> None:
    domain = compiled("DefaultDomain()")
    assert domain.evaluate({}, context(default_domain="contoso.com")) == "contoso.com"
    with pytest.raises(EvaluationError, match="no default verified domain"):
        domain.evaluate({}, context())


@pytest.mark.parametrize("function", ["ConvertToUTF8Hex", "ConvertToBase64"])
def test_a_result_that_grows_without_end_fails(function: str) -> None:
    with pytest.raises(EvaluationError, match="longer than"):
        value(f"{function}(" * 60 + '"a"' + ")" * 60)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('ConvertFromBase64("SGVsbG8gd29ybGQh", UTF8)', "Hello world!"),
        ('ConvertFromBase64("SABpAA==")', "Hi"),
        ('DNComponent("cn=Joe,dc=contoso", 2)', "contoso"),
        ('DNComponent("cn=Joe", 2)', None),
        (
            'StringFromSid("AQUAAAAAAAUVAAAAoGXPfnhLm1/nfIdwAQIAAA==")',
            "S-1-5-21-2127521184-1604012920-1887927527-513",
        ),
        ('Trim(" Test ")', "Test"),
        ('"a" & [b] & "c"', "ac"),
    ],
)
def test_cloud_sync_functions_can_be_tried(text: str, expected: str | None) -> None:
    assert value(text) == expected


@pytest.mark.parametrize("text", ['ConvertFromBase64("!")', 'StringFromSid("AQU=")', 'Error("stop")'])
def test_cloud_sync_functions_fail_on_what_they_cannot_read(text: str) -> None:
    with pytest.raises(EvaluationError):
        value(text)
