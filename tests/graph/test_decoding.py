import pytest

from xtsync_tui.graph.decoding import Mismatch, Page, convert, decode
from xtsync_tui.model import Execution, Job, ServicePrincipal, User


def test_a_date_that_is_not_set_may_be_an_empty_text() -> None:
    assert decode(b'{"timeBegan":"","countExported":3}', Execution) == Execution(count_exported=3)


def test_null_where_a_value_is_documented_reads_as_left_out() -> None:
    body = b'{"value":[{"id":"1","tags":null,"displayName":null,"appRoles":null}]}'
    assert decode(body, Page[ServicePrincipal]).value == (ServicePrincipal(id="1"),)


@pytest.mark.parametrize("body", [b'{"id":null}', b'{"id":1}', b"{}", b"[]", b"null", b"{", b""])
def test_a_job_without_an_id_is_no_job(body: bytes) -> None:
    with pytest.raises(Mismatch):
        decode(body, Job)


def test_a_count_may_begin_with_the_mark_of_its_encoding() -> None:
    assert decode(b"\xef\xbb\xbf42", int) == 42


def test_a_list_without_a_value_is_no_list() -> None:
    with pytest.raises(Mismatch):
        decode(b'{"id":"1"}', Page[User])


def test_members_that_are_not_known_are_passed_over() -> None:
    assert decode(b'{"id":"1","@odata.type":"#x","new":{"a":1}}', User) == User(id="1")


def test_json_that_was_decoded_already_is_checked_as_strictly() -> None:
    assert convert({"id": "1"}, User) == User(id="1")
    with pytest.raises(Mismatch, match=r"\$.accountEnabled"):
        convert({"id": "1", "accountEnabled": "yes"}, User)
