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
}

/// Fields with their values, ordered by field. A field that is not there is not managed (desired) or not known (actual).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(Vec<(Field, Value)>);

impl Fields {
    /// The value of a field, where it is there.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&Value> {
        self.0.binary_search_by_key(&field, |(f, _)| *f).ok().and_then(|i| self.0.get(i)).map(|(_, v)| v)
    }

    /// Sets a field, replacing what was there.
    pub fn set(&mut self, field: Field, value: Value) {
        match self.0.binary_search_by_key(&field, |(f, _)| *f) {
            Ok(i) => {
                if let Some(slot) = self.0.get_mut(i) {
                    slot.1 = value;
                }
            }
            Err(i) => self.0.insert(i, (field, value)),
        }
    }

    /// Takes a field out.
    pub fn remove(&mut self, field: Field) -> Option<Value> {
        self.0.binary_search_by_key(&field, |(f, _)| *f).ok().map(|i| self.0.remove(i).1)
    }

    /// All fields, ordered.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &Value)> {
        self.0.iter().map(|(f, v)| (*f, v))
    }

    /// All fields, ordered, to be changed in place.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (Field, &mut Value)> {
        self.0.iter_mut().map(|(f, v)| (*f, v))
    }

    /// Gives back the room that was kept for more: many users are held at one time.
    pub fn shrink_to_fit(&mut self) {
        self.0.shrink_to_fit();
    }

    /// How many fields are there.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of a field; `None` where it is absent, unset or no text.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        match self.get(field) {
            Some(Value::Text(t)) if !t.is_empty() => Some(t),
            _ => None,
        }
    }

    /// The switch of a field; `None` where it is absent or unset.
    #[must_use]
    pub fn flag(&self, field: Field) -> Option<bool> {
        match self.get(field) {
            Some(Value::Flag(b)) => Some(*b),
            _ => None,
        }
    }

    /// The members of a set or list field; empty where it is absent or unset.
    #[must_use]
    pub fn items(&self, field: Field) -> Vec<&str> {
        match self.get(field) {
            Some(Value::Set(s)) => s.iter().map(String::as_str).collect(),
            Some(Value::List(l)) => l.iter().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

impl FromIterator<(Field, Value)> for Fields {
    fn from_iter<I: IntoIterator<Item = (Field, Value)>>(iter: I) -> Self {
        let mut fields = Self::default();
        for (f, v) in iter {
            fields.set(f, v);
        }
        fields
    }
}
