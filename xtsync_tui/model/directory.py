"""People, groups, the organization and its licences."""

from datetime import datetime

from xtsync_tui.model.wire import Read


class VerifiedDomain(Read, frozen=True, kw_only=True):
    """A domain of the tenant."""

    name: str
    is_default: bool = False
    is_initial: bool = False


class Organization(Read, frozen=True, kw_only=True):
    """The tenant itself; ``id`` is the tenant id."""

    id: str
    display_name: str = ""
    verified_domains: tuple[VerifiedDomain, ...] = ()

    @property
    def default_domain(self) -> str:
        """The default verified domain, ``""`` without one."""
        return next((domain.name for domain in self.verified_domains if domain.is_default), "")


class ServicePlan(Read, frozen=True, kw_only=True):
    """A service inside a licence."""

    service_plan_id: str = ""
    service_plan_name: str = ""
    provisioning_status: str = ""


class SubscribedSku(Read, frozen=True, kw_only=True):
    """A licence that the tenant holds."""

    sku_part_number: str = ""
    capability_status: str = ""
    service_plans: tuple[ServicePlan, ...] = ()


class DirectoryRole(Read, frozen=True, kw_only=True):
    """An active directory role."""

    id: str = ""
    display_name: str = ""
    role_template_id: str = ""


class Identity(Read, frozen=True, kw_only=True):
    """A way in which a user signs in."""

    sign_in_type: str | None = None
    issuer: str | None = None
    issuer_assigned_id: str | None = None


class User(Read, frozen=True, kw_only=True):
    """A person in one tenant; members that were not selected are None."""

    id: str
    display_name: str | None = None
    user_principal_name: str | None = None
    mail: str | None = None
    mail_nickname: str | None = None
    given_name: str | None = None
    surname: str | None = None
    job_title: str | None = None
    department: str | None = None
    company_name: str | None = None
    employee_id: str | None = None
    street_address: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None
    office_location: str | None = None
    business_phones: tuple[str, ...] = ()
    mobile_phone: str | None = None
    preferred_language: str | None = None
    user_type: str | None = None
    account_enabled: bool | None = None
    creation_type: str | None = None
    external_user_state: str | None = None
    show_in_address_list: bool | None = None
    identities: tuple[Identity, ...] | None = None
    created_date_time: datetime | None = None
    deleted_date_time: datetime | None = None
    manager: "User | None" = None


class Group(Read, frozen=True, kw_only=True):
    """A group; ``security_enabled`` decides whether it can be assigned to a configuration."""

    id: str
    display_name: str | None = None
    description: str | None = None
    mail: str | None = None
    security_enabled: bool | None = None
    mail_enabled: bool | None = None
    group_types: tuple[str, ...] = ()
    membership_rule: str | None = None
    membership_rule_processing_state: str | None = None

    @property
    def is_dynamic(self) -> bool:
        """Whether a rule decides the members."""
        return "DynamicMembership" in self.group_types


class Assignment(Read, frozen=True, kw_only=True):
    """A user or group assigned to a configuration [appRoleAssignment]."""

    id: str
    principal_id: str
    principal_display_name: str | None = None
    principal_type: str = ""
    app_role_id: str = ""
    created_date_time: datetime | None = None


class PhoneMethod(Read, frozen=True, kw_only=True):
    """A phone of a user; ``sms_sign_in_state`` ``ready`` means the service skips the user."""

    id: str
    phone_number: str | None = None
    phone_type: str | None = None
    sms_sign_in_state: str | None = None

    @property
    def signs_in(self) -> bool:
        """Whether its owner can sign in by text message with it."""
        return self.sms_sign_in_state == "ready"
