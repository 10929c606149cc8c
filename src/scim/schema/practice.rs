//! The practice extension of the user: what a platform holds besides the core, and nothing else.

use crate::model::{BlockReason, Field};
use crate::platform::Catalog;
use crate::platform::catalog::ChangedBy;

use super::super::urn;
use super::{Attribute, Schema};

/// The extension of one platform.
pub(super) fn extension(catalog: &Catalog) -> Schema {
    let mut attributes = settings(catalog);
    attributes.extend(standing(catalog));
    Schema {
        id: urn::PRACTICE.to_owned(),
        name: "PracticeUser".to_owned(),
        description: format!("What {} holds about a user besides the core", catalog.name),
        attributes,
    }
}

/// What can be written.
fn settings(catalog: &Catalog) -> Vec<Attribute> {
    let text = Attribute::string;
    let flag = Attribute::boolean;
    let has = |field| catalog.field(field).is_some();
    let mut out = Vec::new();
    let mut add = |wanted: bool, attribute: Attribute| {
        if wanted {
            out.push(attribute);
        }
    };
    add(has(Field::Clinics), linked("clinics", "The clinics the account belongs to", "Clinic").many());
    add(has(Field::DefaultClinic), text("defaultClinic", "Id of the clinic shown first at login, one of `clinics`").exact());
    add(has(Field::DashboardAccess), flag("dashboardAccess", "Access to the clinic's dashboard"));
    add(has(Field::AppointmentColor), text("appointmentColor", "Colour of appointments, #rrggbb"));
    let privileges = |name: &str, description: &str| {
        let attribute = text(name, description).exact().many();
        if catalog.open_privileges {
            return attribute;
        }
        // Names are compared in any case and kept in the catalog's (CHR-6).
        let mut attribute = attribute.only(catalog.privileges.keys());
        attribute.case_exact = false;
        attribute
    };
    add(
        has(Field::PrivilegeChanges),
        Attribute::complex(
            "privilegeChanges",
            "What the account is granted and denied on top of its role",
            vec![privileges("grant", "Granted besides the role's"), privileges("revoke", "Taken away from the role's")],
        ),
    );
    let provider = parts(
        catalog,
        vec![
            (Field::Provider, flag("active", "Whether the account works as a provider")),
            (Field::MdConsent, flag("mdConsent", "Whether a medical director consents before treatment")),
            (Field::MdConsent, text("medicalDirector", "The userName of the medical director who consents")),
            (Field::OnlineBooking, flag("onlineBooking", "Whether patients can book online")),
        ],
    );
    add(!provider.is_empty(), Attribute::complex("provider", "The provider switch and its settings", provider));
    let goals = parts(
        catalog,
        vec![
            (Field::GoalsPer, text("per", "What the goals are counted per").only(["week", "month"])),
            (Field::GoalProcedures, Attribute::integer("procedures", "The goal in procedures")),
            (Field::GoalSalesUsd, Attribute::integer("salesUsd", "The goal in sales, whole US dollars")),
        ],
    );
    add(!goals.is_empty(), Attribute::complex("goals", "The provider's goals", goals));
    let booking = parts(
        catalog,
        vec![
            (Field::BookingName, text("displayName", "The name patients see").exact()),
            (Field::BookingTitle, text("title", "The title patients see").exact()),
            (Field::BookingBio, text("bio", "The text patients see").exact()),
        ],
    );
    add(!booking.is_empty(), Attribute::complex("bookingProfile", "What patients see when they book", booking));
    let notify = parts(catalog, vec![(Field::NotifySms, flag("sms", "By SMS")), (Field::NotifyEmail, flag("email", "By e-mail"))]);
    add(!notify.is_empty(), Attribute::complex("checkInNotifications", "How the provider hears of checked-in patients", notify));
    if let Some(rule) = catalog.field(Field::Needs) {
        add(true, text("needs", "What the person needs from the system").many().only(&rule.allowed));
    }
    add(has(Field::TwoFactor), flag("twoFactor", "Two-factor authentication, set up before the first login"));
    add(has(Field::Employee), linked("employee", "The employee record the account belongs to", "Employee"));
    add(true, flag("sendInvitation", "On creation: whether an invitation is sent").write_only());
    out
}

/// What the server says about where the account stands; actions change it.
fn standing(catalog: &Catalog) -> Vec<Attribute> {
    let text = Attribute::string;
    let flag = Attribute::boolean;
    let time = Attribute::date_time;
    let mut out = vec![
        text("privileges", "What the account may do in effect").exact().many().read_only(),
        text("rolePrivileges", "What the role gave when it was last applied").exact().many().read_only(),
        Attribute::complex(
            "invitation",
            "The newest invitation",
            vec![
                text("state", "What has become of it").only(["open", "expired", "killed", "accepted"]),
                time("sentAt", "When it was sent"),
                time("expiresAt", "When its link dies"),
            ],
        )
        .read_only(),
        flag("accepted", "Whether an invitation was ever accepted, or none was needed").read_only(),
        flag("mainAdmin", "Whether this is the workspace's main admin").read_only(),
        text("lastLogin", "The day of the last login, YYYY-MM-DD; not part of the version").read_only(),
    ];
    if catalog.blocking {
        let parts = vec![
            flag("blocked", "Whether the account is blocked"),
            text("reason", "Why").only(BlockReason::ALL.map(BlockReason::as_str)),
            text("note", "In words"),
            time("since", "Since when"),
            text("by", "The userName of who blocked it"),
        ];
        out.push(Attribute::complex("block", "The block; set and lifted by actions", parts).read_only());
    }
    if catalog.passcode {
        out.push(Attribute::complex("passcode", "The passcode", vec![flag("set", "Whether there is one")]).read_only());
    }
    let members_own = |field| catalog.field(field).is_some_and(|rule| rule.by != ChangedBy::Admin);
    if members_own(Field::FirstName) || members_own(Field::LastName) {
        let parts = vec![text("givenName", "First name"), text("familyName", "Last name")];
        out.push(Attribute::complex("invitedName", "The name of the invitation; the member's own may differ", parts).read_only());
    }
    out
}

/// A link to another resource: written by id, the rest is the server's.
fn linked(name: &str, description: &str, target: &str) -> Attribute {
    let mut value = Attribute::string("value", "The id").exact();
    value.required = true;
    let parts = vec![
        value,
        Attribute::reference("$ref", &[target], "The URI").read_only(),
        Attribute::string("display", "The key").exact().read_only(),
    ];
    Attribute::complex(name, description, parts)
}

/// The parts whose fields the platform has.
fn parts(catalog: &Catalog, of: Vec<(Field, Attribute)>) -> Vec<Attribute> {
    of.into_iter().filter(|(field, _)| catalog.field(*field).is_some()).map(|(_, attribute)| attribute).collect()
}
