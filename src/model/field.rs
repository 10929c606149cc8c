//! The attributes of an account that YAML can manage, and their values.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// One attribute of an account. The platform's catalog says which it has; `scim` says where each stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The login address (text).
    Email,
    /// First name (text).
    FirstName,
    /// Last name (text).
    LastName,
    /// Professional title (text).
    Title,
    /// Contact numbers in E.164 form (list; the first is the cell phone, the order of the rest has no meaning).
    Phones,
    /// The role, or on some platforms the type (text: its key).
    Role,
    /// The clinics the account belongs to (set of clinic keys).
    Clinics,
    /// The clinic shown first at login (text: its key).
    DefaultClinic,
    /// Access to the clinic's dashboard (flag).
    DashboardAccess,
    /// The colour of appointments, `#rrggbb` in lower case (text).
    AppointmentColor,
    /// What the account is granted or denied on top of its role (changes).
    PrivilegeChanges,
    /// Whether the account works as a provider (flag).
    Provider,
    /// The medical director who consents (text: an address), or none (flag, false).
    MdConsent,
    /// Whether patients can book online (flag).
    OnlineBooking,
    /// What the goals are counted per: `week` or `month` (text).
    GoalsPer,
    /// The goal in procedures (number).
    GoalProcedures,
    /// The goal in sales, whole US dollars (number).
    GoalSalesUsd,
    /// The name patients see (text).
    BookingName,
    /// The title patients see (text).
    BookingTitle,
    /// The text patients see (text).
    BookingBio,
    /// Check-in notifications by SMS (flag).
    NotifySms,
    /// Check-in notifications by e-mail (flag).
    NotifyEmail,
    /// What the person needs from the system (set), such as a schedule.
    Needs,
    /// Two-factor authentication set up before the first login (flag).
    TwoFactor,
    /// The employee record the account belongs to (text: the record's key).
    Employee,
}

impl Field {
    /// Every field, in the order people read them.
    pub const ALL: [Self; 25] = [
        Self::Email,
        Self::FirstName,
        Self::LastName,
        Self::Title,
        Self::Phones,
        Self::Role,
        Self::Clinics,
        Self::DefaultClinic,
        Self::DashboardAccess,
        Self::AppointmentColor,
        Self::PrivilegeChanges,
        Self::Provider,
        Self::MdConsent,
        Self::OnlineBooking,
        Self::GoalsPer,
        Self::GoalProcedures,
        Self::GoalSalesUsd,
        Self::BookingName,
        Self::BookingTitle,
        Self::BookingBio,
        Self::NotifySms,
        Self::NotifyEmail,
        Self::Needs,
        Self::TwoFactor,
        Self::Employee,
    ];

    /// The key in a user's YAML entry, dotted where it stands deeper; catalogs name fields by it.
    ///
    /// A platform may write some fields under another key (`type` for the role, `permissions` for the privilege changes): its catalog says so.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::FirstName => "first_name",
            Self::LastName => "last_name",
            Self::Title => "title",
            Self::Phones => "phones",
            Self::Role => "role",
            Self::Clinics => "clinics",
            Self::DefaultClinic => "default_clinic",
            Self::DashboardAccess => "dashboard_access",
            Self::AppointmentColor => "appointment_color",
            Self::PrivilegeChanges => "privileges",
            Self::Provider => "provider",
            Self::MdConsent => "provider.md_consent",
            Self::OnlineBooking => "provider.online_booking",
            Self::GoalsPer => "provider.goals.per",
            Self::GoalProcedures => "provider.goals.procedures",
            Self::GoalSalesUsd => "provider.goals.sales_usd",
            Self::BookingName => "provider.booking_profile.display_name",
            Self::BookingTitle => "provider.booking_profile.title",
            Self::BookingBio => "provider.booking_profile.bio",
            Self::NotifySms => "provider.check_in_notifications.sms",
            Self::NotifyEmail => "provider.check_in_notifications.email",
            Self::Needs => "needs",
            Self::TwoFactor => "two_factor",
            Self::Employee => "employee",
        }
    }

    /// The field a catalog or message names by `key`.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.key() == key)
    }

    /// Whether `false` is an answer of its own and not the same as nothing said: consent must be said, yes or no (AR-9).
    #[must_use]
    pub const fn says_false(self) -> bool {
        matches!(self, Self::MdConsent)
    }

    /// Whether the field belongs to the provider settings, which need the provider switch on.
    #[must_use]
    pub const fn is_provider_setting(self) -> bool {
        matches!(
            self,
            Self::MdConsent
                | Self::OnlineBooking
                | Self::GoalsPer
                | Self::GoalProcedures
                | Self::GoalSalesUsd
                | Self::BookingName
                | Self::BookingTitle
                | Self::BookingBio
                | Self::NotifySms
                | Self::NotifyEmail
        )
    }
}

/// What a field holds.
///
/// `Unset` is wanted empty, or found empty; absent, `null` and `[]` are one state on the wire (RFC 7643 section 2.5).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// Nothing.
    Unset,
    /// A text.
    Text(String),
    /// A switch.
    Flag(bool),
    /// A whole number, in the unit of its field.
    Number(i64),
    /// Texts whose order means something.
    List(Vec<String>),
    /// Texts whose order means nothing.
    Set(BTreeSet<String>),
    /// What is granted and revoked on top of a role. Boxed: few accounts have any, and every value is as large as the largest.
    Changes(Box<PrivilegeChanges>),
}

/// What is granted and revoked on top of a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PrivilegeChanges {
    /// Granted besides the role's.
    pub grant: BTreeSet<String>,
    /// Taken away from the role's.
    pub revoke: BTreeSet<String>,
}

impl Value {
    /// What is granted and revoked on top of a role.
    #[must_use]
    pub fn changes(grant: BTreeSet<String>, revoke: BTreeSet<String>) -> Self {
        Self::Changes(Box::new(PrivilegeChanges { grant, revoke }))
    }

    /// Whether it says nothing: unset, an empty text, list or set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Unset => true,
            Self::Text(t) => t.is_empty(),
            Self::Flag(_) | Self::Number(_) => false,
            Self::List(l) => l.is_empty(),
            Self::Set(s) => s.is_empty(),
            Self::Changes(changes) => changes.grant.is_empty() && changes.revoke.is_empty(),
        }
    }

    /// Whether it says no more than an absent field: empty, or switched off.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.is_empty() || *self == Self::Flag(false)
    }
}
