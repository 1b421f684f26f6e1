import pytest

from tests.engine.expressions.evaluation import problem, value
from xtsync_tui.engine.expressions import Problem, compile_expression, parse, to_text
from xtsync_tui.engine.expressions.syntax import MAX_DEPTH, MAX_LENGTH, Call, Omitted


def test_a_single_backslash_stays_and_escapes_of_quote_and_backslash_go() -> None:
    assert value(r'Append("a\+b\\c\"d", "")') == r'a\+b\c"d'


def test_white_space_is_free_between_all_tokens() -> None:
    assert value('Join ( "-" ,\n\t[a] , "b"\n)', a="x") == "x-b"


def test_left_out_arguments_keep_their_place() -> None:
    tree = parse('Replace([a], , "x", , "", , )')
    assert isinstance(tree, Call)
    assert [isinstance(argument, Omitted) for argument in tree.arguments] == [0, 1, 0, 1, 0, 1, 1]


def test_a_tree_prints_as_the_service_prints_it() -> None:
    tree = parse('Replace( [preferredLanguage],"-",,,"_",,)')
    assert not isinstance(tree, Problem)
    assert to_text(tree) == 'Replace([preferredLanguage], "-", , , "_", , )'


@pytest.mark.parametrize(
    ("text", "code", "position", "nearest"),
    [
        ("", "empty", 0, ""),
        ('Append([mail], "x"', "unclosed-call", 6, ""),
        ('Append([mail] "x")', "unexpected-character", 14, ""),
        ('Append("x, [mail])', "unclosed-text", 7, ""),
        ("Append('x', [mail])", "single-quote", 7, ""),
        ("Append([mail, [x])", "bad-attribute", 7, ""),
        ('Append([mail], "x") y', "trailing-text", 20, ""),
        ('append([mail], "x")', "function-case", 0, "Append"),
        ('Apend([mail], "x")', "unknown-function", 0, "Append"),
        ("PadLeft([mail], 3)", "sibling-function", 0, ""),
        ("Append([mail])", "argument-missing", 13, ""),
        ('Append([mail], "x", "y")', "argument-count", 20, ""),
        ('Append(, "y")', "argument-missing", 7, ""),
        ('Switch([a], "d", "k1")', "argument-count", 0, ""),
        ('Replace([a], "x", , , , , )', "argument-combination", 0, ""),
        ('InStr([a], "x", 1, vbtextCompare)', "unknown-word", 19, "vbTextCompare"),
        ("1000", "bare-constant", 0, ""),
        ("[a] = [b]", "trailing-text", 4, ""),
    ],
)
def test_a_mistake_is_a_value_with_its_place(text: str, code: str, position: int, nearest: str) -> None:
    found = problem(text)
    assert (found.code, found.position, found.nearest) == (code, position, nearest)


def test_the_length_is_limited_to_10_000_characters() -> None:
    longest = f'Append("{"x" * (MAX_LENGTH - 13)}","")'
    assert len(longest) == MAX_LENGTH
    assert not isinstance(parse(longest), Problem)
    assert problem(longest + " ").code == "too-long"


def test_functions_nest_to_a_bounded_depth() -> None:
    assert value("Not(" * MAX_DEPTH + '"True"' + ")" * MAX_DEPTH) == "True"
    assert problem("Not(" * 1500 + '"True"' + ")" * 1500).code == "too-deep"


def test_an_unknown_attribute_is_a_problem_where_the_schema_is_known() -> None:
    found = compile_expression('Join(", ", [surname], [givenNam])', ["surname", "givenName"])
    assert isinstance(found, Problem)
    assert (found.code, found.position, found.length) == ("unknown-attribute", 22, 10)
    assert str(found) == "unknown attribute givenNam · nearest: givenName"


def test_the_letter_case_of_an_attribute_counts() -> None:
    found = compile_expression("[Mail]", ["mail"])
    assert isinstance(found, Problem)
    assert (found.code, found.nearest) == ("attribute-case", "mail")
