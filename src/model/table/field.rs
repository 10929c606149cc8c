//! The table of fields: every attribute of an account that a roster can manage, with everything the program knows about it.
//!
//! A field is a row here and an entry in the catalogs of the platforms that have it; YAML, wire, schemas and server follow from the row.
//! The fields of a catalog that a roster brings are rows of the same type, made when the catalog is read (`own_field.rs`).

use serde::{Deserialize, Serialize};

use super::definition::{Definition, Group, Kind, Names, NormalForm, row};
use super::own_field::OwnField;

/// Makes the enum and the table from the same rows, so that no field can be missing in the table.
macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $row:expr,)*) => {
        /// One attribute of an account. The platform's catalog says which it has.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum Field {
            $($(#[$doc])* $name,)*
            /// A field of a catalog that a roster brings.
            #[serde(untagged)]
            Own(OwnField),
        }

        /// The place of each field in the table.
        enum FieldPlace {
            $($name,)*
        }

        impl Field {
            /// All fields of the table, in reading order.
            pub const ALL: [Self; [$(stringify!($name)),*].len()] = [$(Self::$name),*];

            /// Returns the place in [`Field::ALL`]; its length for a field of a roster's own catalog, which it lacks.
            #[must_use]
            pub const fn place(self) -> usize {
                match self {
                    $(Self::$name => FieldPlace::$name as usize,)*
                    Self::Own(_) => Self::ALL.len(),
                }
            }
        }

        static TABLE: [Definition; Field::ALL.len()] = [$($row),*];
    };
}

fields! {
    /// The login address.
    Email = row("email", Kind::Text).form(NormalForm::Address).core("userName", None, "This is the login, unique in the workspace; upper and lower case are the same."),
    /// First name.
    FirstName = row("first_name", Kind::Text).describes().yaml("This is the user's first name.").core("name", Some("givenName"), "This is the first name."),
    /// Last name.
    LastName = row("last_name", Kind::Text).describes().yaml("This is the user's last name.").core("name", Some("familyName"), "This is the last name."),
    /// Professional title.
    Title = row("title", Kind::Text).describes().yaml("This is the user's professional title.").example(&["MD"]).core("title", None, "This is the professional title."),
    /// Contact numbers in E.164 form; the first is the cell phone, the order of the rest has no meaning.
    Phones = row("phones", Kind::List).describes()
        .form(NormalForm::Phones)
        .yaml("These are the user's phone numbers, with `+` or as they are written in the workspace's country; the first is the cell phone.")
        .example(&["+1 602 555 0100"])
        .core("phoneNumbers", None, "These are phone numbers. The primary one is the cell phone."),
    /// The role, or on some platforms the type, by its key.
    Role = row("role", Kind::Text).names(Names::Role).yaml("The user has this role.").also("type", "The user is of this type.").core("roles", None, "There is one role."),
    /// The clinics of the account, by their keys.
    Clinics = row("clinics", Kind::Set)
        .names(Names::Clinic)
        .yaml("The user works in these clinics, named by their keys.")
        .practice("clinics", None, "The account belongs to these clinics."),
    /// The clinic shown first at login, by its key.
    DefaultClinic = row("default_clinic", Kind::Text)
        .names(Names::Clinic)
        .yaml("This clinic is shown first at login; a user with exactly one clinic does not need the key.")
        .practice("defaultClinic", None, "This is the id of the clinic that is shown first at login, one of `clinics`.")
        .exact(),
    /// Access to the clinic's dashboard.
    DashboardAccess = row("dashboard_access", Kind::Flag)
        .yaml("This gives or denies access to the clinic's dashboard.")
        .practice("dashboardAccess", None, "Says whether the account has access to the clinic's dashboard."),
    /// The color of appointments, `#rrggbb` in lower case.
    AppointmentColor = row("appointment_color", Kind::Text).describes()
        .form(NormalForm::Color)
        .yaml("The user's appointments have this color, six hex digits in quotes.")
        .example(&["#3aa675"])
        .practice("appointmentColor", None, "This is the color of appointments, #rrggbb."),
    /// The privileges that the account has in addition to its role, or lacks.
    PrivilegeChanges = row("privileges", Kind::Changes)
        .yaml("These privileges are granted (`true`) or revoked (`false`) in addition to the role.")
        .also("permissions", "These permissions are granted or revoked in addition to the type.")
        .practice("privilegeChanges", None, "These privileges are granted and revoked on top of the role."),
    /// Says whether the account works as a provider.
    Provider = row("provider", Kind::Flag)
        .yaml("These settings apply to a user who works as a provider; `false` says that the user does not.")
        .practice("provider", Some("active"), "Says whether the account works as a provider."),
    /// The medical director who consents, by address, or `false` if no consent is needed.
    MdConsent = row("provider.md_consent", Kind::TextOrNo)
        .form(NormalForm::Address)
        .names(Names::Colleague)
        .yaml("This is the address of the medical director who consents, or `false` if nobody needs to.")
        .practice("provider", Some("mdConsent"), "Says whether a medical director consents before treatment.")
        .beside("medicalDirector", "This is the userName of the medical director who consents."),
    /// Says whether patients can book online.
    OnlineBooking = row("provider.online_booking", Kind::Flag).describes()
        .yaml("This says whether patients can book online.")
        .practice("provider", Some("onlineBooking"), "Says whether patients can book online."),
    /// The period of the goals.
    GoalsPer = row("provider.goals.per", Kind::Text).describes()
        .only(&["week", "month"])
        .yaml("The goals are counted per `week` or per `month`.")
        .example(&["month"])
        .practice("goals", Some("per"), "Says what the goals are counted per."),
    /// The goal in procedures.
    GoalProcedures = row("provider.goals.procedures", Kind::Number).describes()
        .yaml("This is the goal in procedures.")
        .practice("goals", Some("procedures"), "This is the provider's goal in procedures."),
    /// The goal in sales, whole US dollars.
    GoalSalesUsd = row("provider.goals.sales_usd", Kind::Number).describes()
        .yaml("This is the goal in sales, in whole US dollars.")
        .practice("goals", Some("salesUsd"), "This is the provider's goal in sales, whole US dollars."),
    /// The name that patients see.
    BookingName = row("provider.booking_profile.display_name", Kind::Text).describes()
        .yaml("Patients see this name.")
        .practice("bookingProfile", Some("displayName"), "Patients see this name when they book.")
        .exact(),
    /// The title that patients see.
    BookingTitle = row("provider.booking_profile.title", Kind::Text).describes()
        .yaml("Patients see this title.")
        .practice("bookingProfile", Some("title"), "Patients see this title when they book.")
        .exact(),
    /// The text that patients see.
    BookingBio = row("provider.booking_profile.bio", Kind::Text).describes()
        .form(NormalForm::Lines)
        .yaml("Patients see this short text.")
        .practice("bookingProfile", Some("bio"), "Patients see this text when they book.")
        .exact(),
    /// Check-in notifications by SMS.
    NotifySms = row("provider.check_in_notifications.sms", Kind::Flag).describes()
        .yaml("The provider is notified by SMS, which needs a phone number.")
        .practice("checkInNotifications", Some("sms"), "Says whether the provider is notified by SMS."),
    /// Check-in notifications by e-mail.
    NotifyEmail = row("provider.check_in_notifications.email", Kind::Flag).describes()
        .yaml("The provider is notified by e-mail.")
        .practice("checkInNotifications", Some("email"), "Says whether the provider is notified by e-mail."),
    /// The things that the person needs from the system, such as a schedule.
    Needs = row("needs", Kind::Set)
        .yaml("The person needs these things from the system.")
        .practice("needs", None, "Lists what the person needs from the system."),
    /// Two-factor authentication set up before the first login.
    TwoFactor = row("two_factor", Kind::Flag)
        .yaml("Two-factor authentication is required from the first login on.")
        .practice("twoFactor", None, "Says whether two-factor authentication is set up before the first login."),
    /// The employee record of the account, by its key.
    Employee = row("employee", Kind::Text)
        .names(Names::Employee)
        .practice("employee", None, "The account belongs to this employee record."),
}

/// The attributes and YAML maps that contain several fields.
pub static GROUPS: [Group; 5] = [
    Group { attribute: "name", wire: "These are the parts of the person's name.", key: None, yaml: "" },
    Group {
        attribute: "provider",
        wire: "Says whether the account works as a provider, and with which settings.",
        key: Some("provider"),
        yaml: "These settings apply to a user who works as a provider.",
    },
    Group {
        attribute: "goals",
        wire: "These are the provider's goals.",
        key: Some("provider.goals"),
        yaml: "These goals are followed in real time.",
    },
    Group {
        attribute: "bookingProfile",
        wire: "Patients see this when they book.",
        key: Some("provider.booking_profile"),
        yaml: "Patients see this profile.",
    },
    Group {
        attribute: "checkInNotifications",
        wire: "Says how the provider hears of checked-in patients.",
        key: Some("provider.check_in_notifications"),
        yaml: "The provider is notified as soon as one of their patients is checked in.",
    },
];

impl Field {
    /// Returns everything the program knows about the field.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "the table has a row for every other case, by construction")]
    pub fn definition(self) -> &'static Definition {
        if let Self::Own(own) = self { own.definition() } else { &TABLE[self.place()] }
    }

    /// Returns the field of a roster's own catalog with a key and a kind; `None` if it cannot have that kind, or there are too many fields.
    #[must_use]
    pub fn own(key: &str, kind: Kind) -> Option<Self> {
        OwnField::new(key, kind).map(Self::Own)
    }

    /// Returns whether it is of a roster's own catalog.
    #[must_use]
    pub const fn is_own(self) -> bool {
        self.place() == Self::ALL.len()
    }

    /// Returns the key in a user's YAML entry, with dots for nested keys; catalogs refer to fields by it.
    ///
    /// A platform may use another key for some fields (`type` for the role, `permissions` for the privileges): its catalog says so.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.definition().key
    }

    /// Finds the field of the table with this key in catalogs and messages.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.key() == key)
    }

    /// Returns whether `false` differs from an absent value: consent must be answered with yes or no (AR-9).
    #[must_use]
    pub fn false_has_meaning(self) -> bool {
        match self.definition().kind {
            Kind::TextOrNo => true,
            Kind::Text | Kind::Flag | Kind::Number | Kind::List | Kind::Set | Kind::Changes => false,
        }
    }

    /// Returns whether a value of the field, given whether it is empty and whether it is `false`, is the same as an absent field.
    pub(in crate::model) fn is_off(self, is_empty: bool, is_false: bool) -> bool {
        is_empty || (is_false && !self.false_has_meaning())
    }

    /// Returns the switch that must be on for the field to be set: the one in whose map the roster has it.
    #[must_use]
    pub fn switch(self) -> Option<Self> {
        Self::from_key(self.key().split_once('.')?.0)
    }
}
