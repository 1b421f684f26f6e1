"""A configuration: an application and its service principal, made from the cross-tenant template."""

from datetime import datetime

from xtsync_tui.model.wire import Read

TEMPLATE_ID = "518e5f48-1fc8-4c48-9387-9fdf28b0dfe7"
"""The gallery template of cross-tenant synchronization [cross-tenant-synchronization-configure-graph]."""


class AppRole(Read, frozen=True, kw_only=True):
    """A role that an assignment carries."""

    id: str
    display_name: str | None = None
    is_enabled: bool | None = None
    allowed_member_types: tuple[str, ...] = ()


class ServicePrincipal(Read, frozen=True, kw_only=True):
    """The service principal of a configuration; ``id`` is its object id."""

    id: str
    app_id: str = ""
    display_name: str = ""
    application_template_id: str | None = None
    account_enabled: bool | None = None
    app_roles: tuple[AppRole, ...] = ()
    tags: tuple[str, ...] = ()
    created_date_time: datetime | None = None

    @property
    def assigned_role(self) -> str:
        """The id of the role that assignments carry: the one enabled role, zeros without any."""
        zero = "00000000-0000-0000-0000-000000000000"
        return next((role.id for role in self.app_roles if role.is_enabled), zero)


class Application(Read, frozen=True, kw_only=True):
    """The application of a configuration; ``id`` is its object id."""

    id: str
    app_id: str = ""
    display_name: str = ""
    created_date_time: datetime | None = None
