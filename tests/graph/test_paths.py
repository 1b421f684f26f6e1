import pytest

from xtsync_tui.graph.paths import builders, path, quoted, searched


def test_an_address_is_relative_and_readable() -> None:
    address = path(builders().users, select=["id", "mail"], filter="a eq 'x&y'", top=5, count=True)
    assert address == "/users?$count=true&$filter=a%20eq%20%27x%26y%27&$select=id,mail&$top=5"


def test_a_dollar_that_somebody_typed_is_not_unmasked() -> None:
    assert path(builders().users, search='"displayName:?%24a&$top=1"') == (
        "/users?$search=%22displayName%3A%3F%2524a%26%24top%3D1%22"
    )


def test_a_query_that_an_address_does_not_take_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match=r"takes no \$top"):
        path(builders().policies.authorization_policy, top=5)


def test_what_is_empty_is_left_out() -> None:
    assert path(builders().users, filter="", search=None, select=[]) == "/users"


@pytest.mark.parametrize(("text", "odata"), [("x", "'x'"), ("O'Neil", "'O''Neil'"), ("", "''")])
def test_odata_texts_double_their_quotes(text: str, odata: str) -> None:
    assert quoted(text) == odata


def test_search_words_cannot_leave_their_quotes() -> None:
    assert searched('a" OR "b\\') == 'a\\" OR \\"b\\\\'
