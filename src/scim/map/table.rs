//! Where each field of the model stands on the wire. Nothing else knows.

use crate::model::Field;
use crate::scim::path::{AttrPath, Path};
use crate::scim::urn;

/// Where a field stands, and in which form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// Whether it stands in the practice extension.
    pub(super) practice: bool,
    /// The attribute.
    pub(super) attribute: &'static str,
    /// The part of it.
    pub(super) part: Option<&'static str>,
    /// How its value is written.
    pub(super) form: Form,
}

/// How a field's value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A string.
    Text,
    /// A boolean.
    Flag,
    /// An integer.
    Number,
    /// An array of strings.
    Texts,
    /// `phoneNumbers`: the first is the primary mobile one.
    Phones,
    /// `roles`: one.
    Role,
    /// An array of links to clinics.
    Clinics,
    /// The id of a clinic.
    Clinic,
    /// `{grant, revoke}`.
    Changes,
    /// A boolean, and beside it the login of the medical director.
    Director,
    /// A link to an employee record.
    Employee,
}

/// The part beside [`Form::Director`]'s boolean.
pub(super) const DIRECTOR: &str = "medicalDirector";

/// Where a field stands.
pub(super) const fn slot(field: Field) -> Slot {
    const fn core(attribute: &'static str, part: Option<&'static str>, form: Form) -> Slot {
        Slot { practice: false, attribute, part, form }
    }
    const fn practice(attribute: &'static str, part: Option<&'static str>, form: Form) -> Slot {
        Slot { practice: true, attribute, part, form }
    }
    match field {
        Field::Email => core("userName", None, Form::Text),
        Field::FirstName => core("name", Some("givenName"), Form::Text),
        Field::LastName => core("name", Some("familyName"), Form::Text),
        Field::Title => core("title", None, Form::Text),
        Field::Phones => core("phoneNumbers", None, Form::Phones),
        Field::Role => core("roles", None, Form::Role),
        Field::Clinics => practice("clinics", None, Form::Clinics),
        Field::DefaultClinic => practice("defaultClinic", None, Form::Clinic),
        Field::DashboardAccess => practice("dashboardAccess", None, Form::Flag),
        Field::AppointmentColor => practice("appointmentColor", None, Form::Text),
        Field::PrivilegeChanges => practice("privilegeChanges", None, Form::Changes),
        Field::Provider => practice("provider", Some("active"), Form::Flag),
        Field::MdConsent => practice("provider", Some("mdConsent"), Form::Director),
        Field::OnlineBooking => practice("provider", Some("onlineBooking"), Form::Flag),
        Field::GoalsPer => practice("goals", Some("per"), Form::Text),
        Field::GoalProcedures => practice("goals", Some("procedures"), Form::Number),
        Field::GoalSalesUsd => practice("goals", Some("salesUsd"), Form::Number),
        Field::BookingName => practice("bookingProfile", Some("displayName"), Form::Text),
        Field::BookingTitle => practice("bookingProfile", Some("title"), Form::Text),
        Field::BookingBio => practice("bookingProfile", Some("bio"), Form::Text),
        Field::NotifySms => practice("checkInNotifications", Some("sms"), Form::Flag),
        Field::NotifyEmail => practice("checkInNotifications", Some("email"), Form::Flag),
        Field::Needs => practice("needs", None, Form::Texts),
        Field::TwoFactor => practice("twoFactor", None, Form::Flag),
        Field::Employee => practice("employee", None, Form::Employee),
    }
}

impl Slot {
    /// The path of a PATCH operation on it.
    pub(super) fn path(&self) -> Path {
        self.path_to(self.part)
    }

    /// The path of a PATCH operation on another part of its attribute.
    pub(super) fn path_to(&self, part: Option<&str>) -> Path {
        let mut attr = AttrPath::new(self.attribute, part);
        attr.schema = self.practice.then(|| urn::PRACTICE.to_owned());
        Path { attr, filter: None, sub: None }
    }
}
