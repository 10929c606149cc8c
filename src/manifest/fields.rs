//! The managed attributes of a user, from its entry.

use std::collections::BTreeSet;

use crate::model::{Field, Fields, Value};
use crate::platform::Catalog;
use crate::yaml::{Each, Given, NodeRef, OrFalse, Table};

use super::file::File;
use super::user_entry::{PermissionsEntry, ProviderEntry, UserEntry};

/// Fields as they are collected.
struct Draft<'a> {
    file: &'a File<'a>,
    catalog: &'a Catalog,
    fields: Vec<(Field, Value)>,
}

/// The fields of an entry that the platform has, not yet normalised.
pub(super) fn fields(file: &File<'_>, catalog: &Catalog, entry: &mut UserEntry) -> Fields {
    let mut draft = Draft { file, catalog, fields: Vec::with_capacity(Field::ALL.len()) };
    draft.text(Field::FirstName, "first_name", &mut entry.first_name);
    draft.text(Field::LastName, "last_name", &mut entry.last_name);
    draft.text(Field::Title, "title", &mut entry.title);
    draft.text(Field::Role, "role", &mut entry.role);
    draft.text(Field::Role, "type", &mut entry.r#type);
    draft.text(Field::DefaultClinic, "default_clinic", &mut entry.default_clinic);
    draft.text(Field::AppointmentColor, "appointment_color", &mut entry.appointment_color);
    draft.flag(Field::DashboardAccess, &entry.dashboard_access);
    draft.flag(Field::TwoFactor, &entry.two_factor);
    draft.list(Field::Phones, &entry.phones, Value::List);
    draft.list(Field::Clinics, &entry.clinics, |texts| Value::Set(texts.into_iter().collect()));
    draft.list(Field::Needs, &entry.needs, |texts| Value::Set(texts.into_iter().collect()));
    draft.privileges(&entry.privileges);
    draft.permissions(&entry.permissions);
    draft.provider(std::mem::take(&mut entry.provider));
    draft.fields.sort_by_key(|(field, _)| *field);
    draft.fields.into_iter().collect()
}

impl Draft<'_> {
    fn set(&mut self, field: Field, value: Value) {
        if self.catalog.field(field).is_some() {
            self.fields.push((field, value));
        }
    }

    /// A text that a platform writes under this key.
    fn text(&mut self, field: Field, key: &str, given: &mut Given<Option<String>>) {
        if self.catalog.yaml_key(field) == key {
            self.plain(field, std::mem::take(given));
        }
    }

    fn plain(&mut self, field: Field, given: Given<Option<String>>) {
        if let Some(text) = given.take() {
            self.set(field, text.map_or(Value::Unset, Value::Text));
        }
    }

    fn flag(&mut self, field: Field, given: &Given<Option<bool>>) {
        if let Some(on) = given.value() {
            self.set(field, on.map_or(Value::Unset, Value::Flag));
        }
    }

    fn number(&mut self, field: Field, given: &Given<Option<i64>>) {
        if let Some(number) = given.value() {
            self.set(field, number.map_or(Value::Unset, Value::Number));
        }
    }

    fn list(&mut self, field: Field, given: &Given<Option<Each<String>>>, value: fn(Vec<String>) -> Value) {
        match given.value() {
            None => {}
            Some(None) => self.set(field, Value::Unset),
            Some(Some(each)) => {
                let texts = self.file.decoder.each::<String>(self.file.node(each.0));
                self.set(field, value(texts.into_iter().map(|(text, _)| text).collect()));
            }
        }
    }

    fn privileges(&mut self, given: &Given<Option<Table<bool>>>) {
        if self.catalog.yaml_key(Field::PrivilegeChanges) != "privileges" {
            return;
        }
        match given.value() {
            None => {}
            Some(None) => self.set(Field::PrivilegeChanges, Value::Unset),
            Some(Some(table)) => {
                let (grant, revoke) = switched(self.file, self.file.node(table.0));
                self.set(Field::PrivilegeChanges, Value::changes(grant, revoke));
            }
        }
    }

    fn permissions(&mut self, given: &Given<Option<PermissionsEntry>>) {
        if self.catalog.yaml_key(Field::PrivilegeChanges) != "permissions" {
            return;
        }
        let names = |given: &Given<Each<String>>| -> BTreeSet<String> {
            given
                .value()
                .map(|each| self.file.decoder.each(self.file.node(each.0)).into_iter().map(|(name, _)| name).collect())
                .unwrap_or_default()
        };
        let value = match given.value() {
            None => return,
            Some(None) => Value::Unset,
            Some(Some(changes)) => Value::changes(names(&changes.grant), names(&changes.revoke)),
        };
        self.set(Field::PrivilegeChanges, value);
    }

    fn provider(&mut self, given: Given<Option<OrFalse<ProviderEntry>>>) {
        match given.take() {
            None => {}
            Some(None) => self.set(Field::Provider, Value::Unset),
            Some(Some(OrFalse::False)) => self.set(Field::Provider, Value::Flag(false)),
            Some(Some(OrFalse::Is(settings))) => {
                self.set(Field::Provider, Value::Flag(true));
                self.settings(settings);
            }
        }
    }

    fn settings(&mut self, settings: ProviderEntry) {
        match settings.md_consent.take() {
            None => {}
            Some(None) => self.set(Field::MdConsent, Value::Unset),
            Some(Some(OrFalse::False)) => self.set(Field::MdConsent, Value::Flag(false)),
            Some(Some(OrFalse::Is(director))) => self.set(Field::MdConsent, Value::Text(director)),
        }
        self.flag(Field::OnlineBooking, &settings.online_booking);
        if let Some(goals) = self.group(settings.goals, &[Field::GoalsPer, Field::GoalProcedures, Field::GoalSalesUsd]) {
            self.plain(Field::GoalsPer, goals.per);
            self.number(Field::GoalProcedures, &goals.procedures);
            self.number(Field::GoalSalesUsd, &goals.sales_usd);
        }
        if let Some(profile) = self.group(settings.booking_profile, &[Field::BookingName, Field::BookingTitle, Field::BookingBio]) {
            self.plain(Field::BookingName, profile.display_name);
            self.plain(Field::BookingTitle, profile.title);
            self.plain(Field::BookingBio, profile.bio);
        }
        if let Some(notify) = self.group(settings.check_in_notifications, &[Field::NotifySms, Field::NotifyEmail]) {
            self.flag(Field::NotifySms, &notify.sms);
            self.flag(Field::NotifyEmail, &notify.email);
        }
    }

    /// The settings of a group; a group that is `null` is wanted empty as a whole.
    fn group<T>(&mut self, given: Given<Option<T>>, fields: &[Field]) -> Option<T> {
        let group = given.take()?;
        if group.is_none() {
            for field in fields {
                self.set(*field, Value::Unset);
            }
        }
        group
    }
}

/// The names that a map of switches turns on, and those it turns off.
pub(super) fn switched(file: &File<'_>, map: NodeRef<'_>) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut on, mut off) = (BTreeSet::new(), BTreeSet::new());
    for (key, value) in map.entries() {
        if let Some(is_on) = file.decoder.decode::<bool>(value) {
            if is_on { &mut on } else { &mut off }.insert(key.text().to_owned());
        }
    }
    (on, off)
}
