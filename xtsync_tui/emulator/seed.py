"""Contoso and Fabrikam as they are before anything is set up."""

from collections.abc import Iterable

from xtsync_tui.emulator import auth, cast
from xtsync_tui.emulator.access import system_default
from xtsync_tui.emulator.cast import Role
from xtsync_tui.emulator.people import MOBILE_METHOD
from xtsync_tui.emulator.policies import new_authorization_policy, new_external_identities_policy
from xtsync_tui.emulator.state import Document, Tenant, World, net_id

CONTOSO = "7f3c0a51-6d2e-4b18-9c47-d05a8e91b2e4"
FABRIKAM = "2c9d61e8-0f4b-4a7c-8e35-61b7c4f0e9d7"

ANA_HOLDS = {
    auth.SECURITY_ADMINISTRATOR,
    auth.HYBRID_IDENTITY_ADMINISTRATOR,
    auth.CLOUD_APPLICATION_ADMINISTRATOR,
    auth.USER_ADMINISTRATOR,
    auth.AUTHENTICATION_ADMINISTRATOR,
    auth.REPORTS_READER,
}
BEN_HOLDS = {
    auth.SECURITY_ADMINISTRATOR,
    auth.PRIVILEGED_ROLE_ADMINISTRATOR,
    auth.EXTERNAL_IDENTITY_PROVIDER_ADMINISTRATOR,
    auth.USER_ADMINISTRATOR,
    auth.REPORTS_READER,
}

_JOINED = "2023-02-01T08:00:00Z"
_DIALLING = {"Germany": "+49 30", "Austria": "+43 1", "United Kingdom": "+44 20"}
_LANGUAGES = {"Germany": "de-DE", "France": "fr-FR", "Spain": "es-ES", "Japan": "ja-JP", "Portugal": "pt-PT"}


def sku(world: World, part: str, sku_id: str, plans: Iterable[tuple[str, str]], seats: int) -> Document:
    """Return one bought licence with its service plans, name and id each."""
    return {
        "id": f"{world.new_id()}_{sku_id}",
        "skuId": sku_id,
        "skuPartNumber": part,
        "appliesTo": "User",
        "capabilityStatus": "Enabled",
        "consumedUnits": seats - 4,
        "prepaidUnits": {"enabled": seats, "suspended": 0, "warning": 0, "lockedOut": 0},
        "servicePlans": [
            {
                "servicePlanId": plan_id,
                "servicePlanName": name,
                "provisioningStatus": "Success",
                "appliesTo": "User",
            }
            for name, plan_id in plans
        ],
        "subscriptionIds": [world.new_id()],
    }


P1 = ("AAD_PREMIUM", "41781fb2-bc02-4b7c-bd55-b576c07bb09d")
P2 = ("AAD_PREMIUM_P2", "eec0eb4f-6444-4f95-aba0-50c24d67f998")
EXCHANGE = ("EXCHANGE_S_STANDARD", "9aaf7827-d63c-4b61-89c3-182f06f82e5c")


def member(world: World, tenant: Tenant, role: Role) -> Document:
    """Return the user document of one person of the story."""
    name = f"{role.key}@{tenant.domain}"
    mail = cast.OTHER_MAIL.get(role.key, name) if tenant.id == CONTOSO else name
    number = len(tenant.users) + 1
    return {
        "id": world.new_id(),
        "userPrincipalName": name,
        "displayName": role.display or f"{role.given} {role.surname}",
        "givenName": role.given,
        "surname": role.surname,
        "mail": mail,
        "mailNickname": role.key,
        "proxyAddresses": [f"SMTP:{mail}"],
        "identities": [
            {"signInType": "userPrincipalName", "issuer": tenant.initial_domain, "issuerAssignedId": name}
        ],
        "accountEnabled": role.key not in cast.DISABLED,
        "userType": "Guest" if role.key in cast.INTERNAL_GUESTS else "Member",
        "companyName": tenant.name,
        "department": role.department,
        "jobTitle": role.title,
        "country": role.country,
        "city": role.city,
        "streetAddress": role.city and f"Hauptstrasse {number}",
        "postalCode": role.city and f"{10115 + number}",
        "employeeId": f"{tenant.name[0]}{1000 + number}",
        "officeLocation": role.city and f"{role.city} {number % 7 + 1}.0{number % 9}",
        "businessPhones": [f"{_DIALLING.get(role.country or '', '+1 555')} {5550100 + number}"],
        "mobilePhone": f"+49 151 {5550100 + number}" if number % 3 else None,
        "preferredLanguage": _LANGUAGES.get(role.country or "", "en-US") if role.country else None,
        "usageLocation": "DE",
        "createdDateTime": _JOINED,
        "showInAddressList": True,
    }


def guest(
    world: World, tenant: Tenant, home: Document, *, address: str, accepted: bool, created: str = _JOINED
) -> Document:
    """Return the guest in ``tenant`` that inviting ``address`` of the person ``home`` made.

    Only a redeemed guest has an alternative security id to be matched by.
    """
    guest_id = world.new_id()
    local = address.replace("@", "_")
    if accepted:
        tenant.alternative_ids[guest_id] = net_id(home["id"])
    return {
        "id": guest_id,
        "userPrincipalName": f"{local}#EXT#@{tenant.initial_domain}",
        "displayName": home["displayName"],
        "mail": address,
        "mailNickname": f"{local}#EXT#",
        "otherMails": [address],
        "proxyAddresses": [f"SMTP:{address}"],
        "identities": [{"signInType": "federated", "issuer": "ExternalAzureAD", "issuerAssignedId": None}],
        "accountEnabled": True,
        "userType": "Guest",
        "creationType": "Invitation",
        "externalUserState": "Accepted" if accepted else "PendingAcceptance",
        "externalUserStateChangeDateTime": created,
        "createdDateTime": created,
    }


def add(tenant: Tenant, *documents: Document) -> None:
    """Put users into ``tenant``."""
    for document in documents:
        tenant.users[document["id"]] = document
    tenant.touch(*(document["id"] for document in documents))


def key_of(user: Document) -> str:
    """Return the key of a person of the story."""
    return str(user["userPrincipalName"]).partition("@")[0]


def person(tenant: Tenant, key: str) -> Document:
    """Return the person of the story with ``key``, as ``lena.fischer``."""
    found = tenant.user_named(f"{key}@{tenant.domain}")
    if found is None:
        raise LookupError(f"{tenant.name} has no {key}")
    return found


def group_named(tenant: Tenant, name: str) -> Document:
    """Return the group with the display name ``name``."""
    return next(group for group in tenant.groups.values() if group["displayName"] == name)


def _group(
    world: World, tenant: Tenant, name: str, description: str, members: Iterable[str], **more: object
) -> str:
    group_id = world.new_id()
    tenant.groups[group_id] = {
        "id": group_id,
        "displayName": name,
        "description": description,
        "createdDateTime": _JOINED,
        "renewedDateTime": _JOINED,
        "securityEnabled": True,
        "mailEnabled": False,
        "mailNickname": name.replace(" ", "-").lower(),
        "groupTypes": [],
        **more,
    }
    tenant.members[group_id] = list(members)
    return group_id


def _groups(world: World, contoso: Tenant) -> None:
    """Make the six groups of Contoso."""
    ids = {key_of(user): user["id"] for user in contoso.users.values()}
    emea = _group(world, contoso, "Sales EMEA", "Inside Sales", [ids[key] for key in cast.SALES_EMEA])
    sales = [ids[key] for key in cast.SALES]
    _group(world, contoso, "Sales", "Everybody who sells", [*sales, emea])
    _group(world, contoso, "Engineering", "Everybody who builds", [ids[key] for key in cast.ENGINEERING])
    german = [user["id"] for user in contoso.users.values() if _sells_in_germany(user)]
    _group(
        world,
        contoso,
        "Sales DE",
        "Sales in Germany, kept by a rule",
        german,
        groupTypes=["DynamicMembership"],
        membershipRule='(user.department -eq "Sales") and (user.country -eq "Germany")',
        membershipRuleProcessingState="On",
    )
    _group(
        world,
        contoso,
        "Product launch",
        "A Microsoft 365 group that is not security enabled",
        [ids[key] for key in cast.LAUNCH],
        groupTypes=["Unified"],
        mailEnabled=True,
        securityEnabled=False,
        mail="product-launch@contoso.com",
        proxyAddresses=["SMTP:product-launch@contoso.com"],
        visibility="Private",
    )
    _group(world, contoso, "All staff", "Everybody at Contoso", contoso.users)


def _sells_in_germany(user: Document) -> bool:
    return (user["department"], user["country"]) == ("Sales", "Germany")


def _tenant(world: World, tenant_id: str, name: str, cast_: Iterable[Role]) -> Tenant:
    """Make one tenant with its own people."""
    domain = f"{name.lower()}.com"
    tenant = Tenant(tenant_id, name, domain, f"{name.lower()}.onmicrosoft.com")
    world.tenants[tenant_id] = tenant
    roles = list(cast_)
    for role in roles:
        add(tenant, member(world, tenant, role))
    ids = {key_of(user): user["id"] for user in tenant.users.values()}
    tenant.managers = {ids[role.key]: ids[role.manager] for role in roles if role.manager}
    tenant.cross_tenant_policy = {
        "id": "crossTenantAccessPolicy",
        "displayName": "CrossTenantAccessPolicy",
        "description": None,
        "deletedDateTime": None,
        "allowedCloudEndpoints": [],
    }
    tenant.default_policy = system_default()
    tenant.authorization_policy = new_authorization_policy()
    tenant.external_identities_policy = new_external_identities_policy()
    return tenant


def phone(number: str, state: str) -> Document:
    """Return a mobile phone method; ``state`` "ready" means that signing in by text message is on."""
    return {
        "id": MOBILE_METHOD,
        "createdDateTime": _JOINED,
        "phoneNumber": number,
        "phoneType": "mobile",
        "smsSignInState": state,
    }


def _outsiders(world: World, contoso: Tenant, fabrikam: Tenant) -> None:
    """Add those who are already on the other side, or look as if they were."""
    lind, silva, quinn = (person(contoso, key) for key in ("greta.lind", "marta.silva", "nora.quinn"))
    add(fabrikam, guest(world, fabrikam, lind, address=lind["mail"], accepted=True))
    add(fabrikam, guest(world, fabrikam, silva, address=silva["mail"], accepted=False))
    contact_id = world.new_id()
    fabrikam.contacts[contact_id] = {
        "id": contact_id,
        "displayName": "Nora Quinn (Contoso)",
        "mail": quinn["mail"],
        "mailNickname": "noraquinn",
        "proxyAddresses": [f"SMTP:{quinn['mail']}"],
        "companyName": "Contoso",
    }
    person(fabrikam, "luca.rossi")["proxyAddresses"].append("smtp:luca.rossi@contoso.com")
    sven = {"id": world.new_id(), "displayName": "Sven Dahl (Woodgrove)", "userPrincipalName": "sven.dahl"}
    add(contoso, guest(world, contoso, sven, address="sven.dahl@woodgrove.com", accepted=True))


def plant(world: World) -> None:
    """Make both tenants, Contoso first."""
    contoso = _tenant(world, CONTOSO, "Contoso", cast.CONTOSO)
    fabrikam = _tenant(world, FABRIKAM, "Fabrikam", cast.FABRIKAM)
    contoso.roles[person(contoso, "ana.lopes")["id"]] = set(ANA_HOLDS)
    fabrikam.roles[person(fabrikam, "ben.okoro")["id"]] = set(BEN_HOLDS)
    for user in contoso.users.values():
        if user["mobilePhone"] or key_of(user) in cast.SMS_SIGN_IN:
            state = "ready" if key_of(user) in cast.SMS_SIGN_IN else "notEnabled"
            contoso.phone_methods[user["id"]] = [phone(user["mobilePhone"] or "+49 151 5550199", state)]
    _groups(world, contoso)
    _outsiders(world, contoso, fabrikam)
    contoso.subscribed_skus = [
        sku(world, "SPE_E5", "06ebc4ee-1bb5-47dd-8120-11324bc54e06", [P1, P2, EXCHANGE], 60)
    ]
    fabrikam.subscribed_skus = [sku(world, "AAD_PREMIUM", "078d2b04-f1bd-4111-bbd4-b4b1b354cef4", [P1], 40)]
