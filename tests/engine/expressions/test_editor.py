import pytest

from xtsync_tui.engine.expressions import CandidateKind, complete, describe, lint, signature_at, signatures

TYPES = {"givenName": "String", "surname": "String", "manager": "Reference", "mail": "String"}


@pytest.mark.parametrize(
    ("text", "code", "position"),
    [
        ('IIF([mail] = "", "x", [mail])', "iif-null-condition", 4),
        ('IIF(IsPresent([mail]), [mail], "x")', "iif-null-condition", 4),
        ('IIF(IgnoreFlowIfNullOrEmpty([mail]), "x", "y")', "ignore-flow-condition", 4),
        ('Switch([mail], "d", "a", "b")', "switch-default", 0),
        ('Switch(IsPresent([mail]), , "True", [mail])', "switch-presence", 0),
        ('Switch([manager], , "a", "b")', "switch-reference", 0),
        ('SelectUniqueValue("a", "b")', "unique-value", 0),
        ('Append(SelectUniqueValue("a", "b"), "x")', "unique-value-inside", 7),
        ("ToLower([mail])", "case-only", 0),
        ("Guid()", "new-each-time", 0),
        ("DefaultDomain()", "default-domain", 0),
        ("AltSecIdFromNetId([mail])", "matching-only", 0),
        ("SingleAppRoleAssignment([mail])", "roles", 0),
        ("Trim([mail])", "sibling-function", 0),
        ('[mail] & "x"', "sibling-function", 0),
        ('Append([mail], "x")', "append-absent", 0),
        ('IIF([mail] = "a", IgnoreObjectFlow, "b")', "ignore-flow-word", 18),
        ('Not([mail] = "a")', "comparison-place", 4),
        ('Replace([mail], , "(", , "", , )', "pattern-invalid", 0),
        ('Replace([mail], , "a", "g", "", , )', "pattern-group", 0),
        ("[Mail]", "attribute-case", 0),
        ("Jion([mail])", "unknown-function", 0),
    ],
)
def test_a_quirk_is_warned_of_at_its_place(text: str, code: str, position: int) -> None:
    assert (code, position) in {(hint.code, hint.position) for hint in lint(text, TYPES)}


@pytest.mark.parametrize(
    "text",
    [
        'Join(", ", [surname], [givenName])',
        'IIF([mail] = "a", "b", "c")',
        'IgnoreFlowIfNullOrEmpty(Switch([mail], "d", "a", "b"))',
        'Join("", ToLower([mail]), "x")',
        'CBool([mail] = "x")',
    ],
)
def test_an_ordinary_expression_has_no_warning(text: str) -> None:
    assert lint(text, TYPES) == ()


def test_typing_a_name_offers_functions_with_their_brackets() -> None:
    (join,) = complete("Jo", 2, TYPES)
    assert (join.text, join.kind, join.start, join.end, join.caret) == (
        "Join()",
        CandidateKind.FUNCTION,
        0,
        2,
        5,
    )
    assert join.detail == "Join(separator, source, …)"


def test_a_bracket_that_is_there_is_not_doubled() -> None:
    (join,) = complete('Jo(" ")', 2, TYPES)
    assert (join.text, join.end) == ("Join(", 3)


def test_behind_a_square_bracket_only_attributes_are_offered() -> None:
    text = 'Join(", ", [sur, [x])'
    (surname,) = complete(text, 15, TYPES)
    assert (surname.text, surname.start, surname.end, surname.caret) == ("[surname]", 11, 15, 20)
    assert surname.detail == "String"


def test_the_rest_of_an_attribute_is_replaced() -> None:
    (given,) = complete("[givenNam]", 4, TYPES)
    assert (given.text, given.start, given.end) == ("[givenName]", 0, 10)


def test_names_that_begin_with_the_typed_text_come_first() -> None:
    names = [candidate.name for candidate in complete("name", 4, TYPES)]
    assert names == ["givenName", "surname"]
    assert next(iter(complete("now", 3, TYPES))).name == "Now"


@pytest.mark.parametrize(("text", "position"), [('Join("Jo', 8), ("[mail]", 6), ("Join(", 5), ("", 0)])
def test_nothing_is_offered_in_a_constant_and_where_nothing_is_typed(text: str, position: int) -> None:
    assert complete(text, position, TYPES) == ()


def test_the_signature_follows_the_caret() -> None:
    text = 'Join(", (", Left([a,(b], 1), "x")'
    inside = signature_at(text, text.index("1"))
    assert inside is not None
    assert (inside.description.name, inside.argument, inside.parameter) == ("Left", 1, "NumChars")
    after = signature_at(text, len(text) - 1)
    assert after is not None
    assert (after.description.name, after.argument, after.parameter) == ("Join", 2, "source")
    assert signature_at(text, len(text)) is None
    assert signature_at("Nope(", 5) is None


def test_help_is_there_for_every_offered_function() -> None:
    offered = signatures()
    assert len(offered) > 40
    assert all(each.help and each.example and each.signature.startswith(f"{each.name}(") for each in offered)
    assert describe("Nope") is None
