"""``$batch``: many requests in one, as JSON of our own [json-batching]."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from xtsync_tui.errors import GraphError, XtSyncError
from xtsync_tui.graph.failures import failure, unreadable
from xtsync_tui.graph.patience import may_repeat
from xtsync_tui.model import Json, Request, Side

SIZE = 20
"""The most members that Graph takes in one batch [json-batching]."""


class MemberAnswer(msgspec.Struct, frozen=True):
    """The answer to one member; they come in any order."""

    id: str
    status: int
    headers: dict[str, str] = {}
    body: Json = None


class Answers(msgspec.Struct, frozen=True):
    """The answer to a batch."""

    responses: tuple[MemberAnswer, ...]


def chunks(requests: Sequence[Request]) -> Iterator[list[int]]:
    """Yield the indexes of what goes into each batch: one version of Graph, at most ``SIZE`` members."""
    for version in dict.fromkeys(request.version for request in requests):
        same = [index for index, request in enumerate(requests) if request.version == version]
        for start in range(0, len(same), SIZE):
            yield same[start : start + SIZE]


def envelope(members: Sequence[Request]) -> Request:
    """Return the request that carries ``members``, numbered from 0."""
    scopes = dict.fromkeys(scope for member in members if member.method != "GET" for scope in member.scopes)
    body = {"requests": [_member(number, member) for number, member in enumerate(members)]}
    return Request(method="POST", path="/$batch", body=body, version=members[0].version, scopes=tuple(scopes))


def results(side: Side, members: Sequence[Request], answers: Answers) -> list[Json | GraphError]:
    """Return answer or error for each member, in the order of ``members``."""
    by_id = {answer.id: answer for answer in answers.responses}
    return [_result(side, member, by_id.get(str(number))) for number, member in enumerate(members)]


def repeatable(
    indexes: Sequence[int], requests: Sequence[Request], results: Mapping[int, Json | XtSyncError]
) -> dict[int, GraphError]:
    """Return the errors of those members that may be sent again, by index."""
    return {
        index: error
        for index in indexes
        if isinstance(error := results[index], GraphError)
        and may_repeat(error, requests[index], safe=not requests[index].writes)
    }


def slowest(errors: Mapping[int, GraphError]) -> GraphError:
    """Return the error that asks for the longest wait."""
    return max(errors.values(), key=lambda error: error.retry_after or 0.0)


def _member(number: int, request: Request) -> Json:
    headers = dict(request.headers)
    member: Json = {"id": str(number), "method": request.method, "url": request.path}
    if request.body is not None:
        headers["Content-Type"] = "application/json"
        member["body"] = request.body
    return member | {"headers": headers} if headers else member


def _result(side: Side, request: Request, answer: MemberAnswer | None) -> Json | GraphError:
    if answer is None:
        return unreadable(side, request, "the batch left it out", 200, "")
    if answer.status < 300:
        return answer.body
    headers = {name.lower(): value for name, value in answer.headers.items()}
    return failure(side, request, answer.status, headers, msgspec.json.encode(answer.body))
