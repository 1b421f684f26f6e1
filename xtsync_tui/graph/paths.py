"""Addresses of Graph: made by the request builders of msgraph-sdk, so that no path is spelled by hand.

The first use imports the builders (about 0.3 s; ``warm`` does it ahead of time). No typed model is imported.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiota_abstractions.base_request_builder import BaseRequestBuilder
    from msgraph.generated.base_graph_service_client import BaseGraphServiceClient
    from msgraph.generated.policies.cross_tenant_access_policy.cross_tenant_access_policy_request_builder import (  # noqa: E501
        CrossTenantAccessPolicyRequestBuilder,
    )
    from msgraph.generated.service_principals.item.synchronization.jobs.item.synchronization_job_item_request_builder import (  # noqa: E501
        SynchronizationJobItemRequestBuilder,
    )
    from msgraph.generated.service_principals.item.synchronization.synchronization_request_builder import (
        SynchronizationRequestBuilder,
    )

ME = "me-token-to-replace"
"""The id that the builders write for the signed-in person."""

_QUERY_NAME = re.compile(r"([?&])%24")


@cache
def builders() -> "BaseGraphServiceClient":
    """Return the request builders of the SDK, for their addresses only: they send nothing."""
    import httpx
    from kiota_abstractions.authentication import AnonymousAuthenticationProvider
    from msgraph.generated.base_graph_service_client import BaseGraphServiceClient
    from msgraph_core import BaseGraphRequestAdapter

    nowhere = httpx.AsyncClient(transport=httpx.AsyncBaseTransport())
    return BaseGraphServiceClient(
        BaseGraphRequestAdapter(AnonymousAuthenticationProvider(), http_client=nowhere)
    )


def synchronization(configuration: str) -> "SynchronizationRequestBuilder":
    """Return the builder of everything the provisioning service does for one configuration."""
    return builders().service_principals.by_service_principal_id(configuration).synchronization


def job(configuration: str, job_id: str) -> "SynchronizationJobItemRequestBuilder":
    """Return the builder of one synchronization job."""
    return synchronization(configuration).jobs.by_synchronization_job_id(job_id)


def access_policy() -> "CrossTenantAccessPolicyRequestBuilder":
    """Return the builder of the cross-tenant access policy."""
    return builders().policies.cross_tenant_access_policy


def path(builder: "BaseRequestBuilder", **query: object) -> str:
    """Return the address of ``builder`` below the version root, ``query`` being names without the ``$``.

    Lists are joined with commas. Raises ValueError for a query name that this address does not take.
    """
    from kiota_abstractions.request_information import RequestInformation

    for name in query:
        if f"%24{name}" not in builder.url_template:
            raise ValueError(f"{builder.url_template} takes no ${name}")
    information = RequestInformation(None, builder.url_template, {**builder.path_parameters})
    information.query_parameters = {f"%24{name}": value for name, value in query.items() if value}
    return _QUERY_NAME.sub(r"\1$", information.url).replace(f"/users/{ME}", "/me")


def quoted(text: str) -> str:
    """Return ``text`` as an OData string."""
    return "'" + text.replace("'", "''") + "'"


def searched(text: str) -> str:
    """Return ``text`` safe inside the double quotes of ``$search``."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def warm() -> None:
    """Import the builders that the screens use first, ahead of time."""
    graph = builders()
    _ = graph.users, graph.groups, graph.organization, graph.subscribed_skus, graph.service_principals
    _ = access_policy().partners, access_policy().default, graph.audit_logs.provisioning
    _ = job("", "").schema, synchronization("").secrets
