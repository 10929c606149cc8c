//! The attributes that repeat a login or a name for people to read: `emails`, `name.formatted` and `displayName`.
//!
//! A server stores them as they were sent, so a new name that is written to `familyName` alone leaves half of the person with the old one.

use serde_json::{Value as Json, json};

use crate::directory::scim::client::{get, text};
use crate::directory::scim::full_name::split;
use crate::model::{Email, Field, FieldChange, Value};
use crate::scim::map::{elements, replace};
use crate::scim::patch::Operation;

const EMAILS: &str = "emails";
const DISPLAY_NAME: &str = "displayName";
const FORMATTED: &str = "formatted";

/// The changes that follow from a new login or name.
#[derive(Debug, Default, PartialEq)]
pub(in crate::directory::scim) struct Repeated {
    /// Operations that write the new value where the old one is.
    pub(in crate::directory::scim) operations: Vec<Operation>,
    /// Attributes that have neither the old value nor the new one: they stay as they are.
    pub(in crate::directory::scim) stayed: Vec<String>,
    /// Says whether something has the new value while the rest has the old one: an earlier try has begun.
    pub(in crate::directory::scim) has_begun: bool,
    /// Says whether the login is a name and no address: then only `emails` has the address, and the login stays.
    pub(in crate::directory::scim) has_other_login: bool,
    address: Option<OldAndNew>,
}

/// An old and a new text.
#[derive(Clone, Debug, PartialEq)]
struct OldAndNew {
    before: String,
    after: String,
}

/// Returns whether a change can leave something behind that repeats the old value.
pub(in crate::directory::scim) fn may_be_repeated(changes: &[FieldChange]) -> bool {
    changes.iter().any(|change| [Field::Email, Field::FirstName, Field::LastName].contains(&change.field))
}

impl Repeated {
    /// Finds what repeats the old values in a user as the server has it.
    pub(in crate::directory::scim) fn find(user: &Json, changes: &[FieldChange], has_one_name: bool) -> Self {
        let mut found = Self::default();
        if !may_be_repeated(changes) {
            return found;
        }
        let address = changes.iter().find(|change| change.field == Field::Email).and_then(|change| {
            let login = text(user, "userName").filter(|login| Email::parse(login.trim()).is_ok());
            found.has_other_login = login.is_none() && get(user, "userName").is_some();
            let after = text_of(&change.after)?;
            // An earlier try may have written the login, and nothing that repeats it.
            let old = login.filter(|login| !login.trim().eq_ignore_ascii_case(&after));
            let before = old.map(str::to_owned).or_else(|| text_of(&change.before)).or_else(|| login.map(str::to_owned))?;
            Some(OldAndNew { before, after })
        });
        if let Some(address) = &address {
            found.emails(user, address);
        }
        found.address = address;
        let name = get(user, "name");
        let now = Name::read(name);
        let after = now.with(changes);
        let before = now.before(changes);
        let is_renamed = before != after;
        for (holder, part) in [(name, FORMATTED), (Some(user), DISPLAY_NAME)] {
            let (attribute, sub) = if part == FORMATTED { ("name", Some(part)) } else { (part, None) };
            let Some(held) = holder.and_then(|holder| text(holder, part)).map(collapsed).filter(|held| !held.is_empty()) else { continue };
            let is_held = |spelling: &String| spelling.to_lowercase() == held.to_lowercase();
            let renamed = before.spellings().iter().position(is_held).and_then(|at| after.spellings().into_iter().nth(at));
            let moved = found.address.as_ref().filter(|address| address.before.eq_ignore_ascii_case(&held)).map(|a| a.after.clone());
            found.has_begun |= is_renamed && renamed.is_none() && after.spellings().contains(&held);
            match renamed.filter(|_| is_renamed).or(moved) {
                Some(new) if new == held => {}
                Some(new) => found.operations.push(replace(attribute, sub, json!(new))),
                None if is_renamed && !after.spellings().contains(&held) => {
                    found.stayed.push(sub.map_or_else(|| attribute.to_owned(), |sub| format!("{attribute}.{sub}")));
                }
                None => {}
            }
        }
        let formatted = replace("name", Some(FORMATTED), json!(after.full()));
        let has_new =
            name.and_then(|name| text(name, FORMATTED)).map(collapsed).as_deref() == formatted.value.as_ref().and_then(Json::as_str);
        if has_one_name && is_renamed && !has_new && !found.operations.iter().any(|operation| operation.path == formatted.path) {
            found.operations.push(formatted);
            found.stayed.retain(|path| path != "name.formatted");
        }
        found
    }

    /// Leaves attributes as they are that no client can change. A server that makes a name for people to read out of its parts does so itself.
    pub(in crate::directory::scim) fn leave(&mut self, is_fixed: impl Fn(&str, Option<&str>) -> bool) {
        let stayed = &mut self.stayed;
        self.operations.retain(|operation| {
            let Some(path) = operation.path.as_ref().map(|path| &path.attr) else { return true };
            let fixed = is_fixed(&path.name, path.sub.as_deref());
            if fixed && path.name == EMAILS {
                stayed.push(EMAILS.to_owned());
            }
            !fixed
        });
    }

    /// The elements of `emails` that have the old address get the new one and keep all else.
    fn emails(&mut self, user: &Json, address: &OldAndNew) {
        let held = get(user, EMAILS).filter(|emails| !emails.is_null()).map(elements).unwrap_or_default();
        let is = |element: &Json, address: &str| address_in(element).is_some_and(|held| held.eq_ignore_ascii_case(address));
        let (has_old, has_new) = (held.iter().any(|e| is(e, &address.before)), held.iter().any(|e| is(e, &address.after)));
        self.has_begun |= has_new && !has_old;
        if !has_old {
            if !has_new && !held.is_empty() {
                self.stayed.push(EMAILS.to_owned());
            }
            return;
        }
        let followed = held.iter().filter(|element| !(has_new && is(element, &address.before))).map(|element| {
            let mut element = element.clone();
            if is(&element, &address.before) {
                if let Json::Object(parts) = &mut element {
                    for (_, part) in parts.iter_mut().filter(|(name, part)| {
                        let repeats = ["value", "display"].iter().any(|known| name.eq_ignore_ascii_case(known));
                        repeats && part.as_str().is_some_and(|held| held.eq_ignore_ascii_case(&address.before))
                    }) {
                        *part = json!(address.after);
                    }
                } else {
                    element = json!(address.after);
                }
            }
            element
        });
        self.operations.push(replace(EMAILS, None, followed.collect()));
    }

    /// The attributes that a server did not let follow, by the user as it is stored now.
    pub(in crate::directory::scim) fn left_behind(&self, user: &Json) -> Vec<String> {
        let names = self.operations.iter().filter_map(|operation| Some((operation, &operation.path.as_ref()?.attr)));
        let behind = names.filter(|(operation, path)| match path.sub.as_deref() {
            None if path.name == EMAILS => {
                let held: Vec<&str> = get(user, EMAILS).into_iter().flat_map(elements).filter_map(address_in).collect();
                self.address.as_ref().is_some_and(|address| {
                    let has = |wanted: &str| held.iter().any(|held| held.eq_ignore_ascii_case(wanted));
                    !has(&address.after) || has(&address.before)
                })
            }
            sub => {
                let holder = if sub.is_some() { get(user, &path.name) } else { Some(user) };
                let held = holder.and_then(|holder| text(holder, sub.unwrap_or(&path.name))).map(collapsed);
                held.as_deref() != operation.value.as_ref().and_then(Json::as_str)
            }
        });
        behind.map(|(_, path)| path.to_string()).collect()
    }
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Unset | Value::Flag(_) | Value::Number(_) | Value::List(_) | Value::Set(_) | Value::Changes(_) => None,
    }
}

fn address_in(element: &Json) -> Option<&str> {
    element.as_str().or_else(|| text(element, "value"))
}

/// A text with single spaces between its words.
fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The parts of a name.
#[derive(Clone, Debug, Default, PartialEq)]
struct Name {
    prefix: String,
    first: String,
    middle: String,
    last: String,
    suffix: String,
}

impl Name {
    fn read(name: Option<&Json>) -> Self {
        let part = |part: &str| name.and_then(|name| text(name, part)).map(collapsed).unwrap_or_default();
        let (mut first, mut last) = (part("givenName"), part("familyName"));
        if first.is_empty() && last.is_empty() {
            let full = part(FORMATTED);
            let parts = split(&full);
            (first, last) = (parts.0.to_owned(), parts.1.to_owned());
        }
        Self { prefix: part("honorificPrefix"), first, middle: part("middleName"), last, suffix: part("honorificSuffix") }
    }

    /// The name before some changes, of which an earlier try may have written a part.
    fn before(&self, changes: &[FieldChange]) -> Self {
        let old = |field: Field, now: &String| {
            let change = changes.iter().find(|change| change.field == field);
            let is_new = |change: &&FieldChange| text_of(&change.after).as_ref() == Some(now);
            change.filter(is_new).map_or_else(|| now.clone(), |change| text_of(&change.before).unwrap_or_default())
        };
        Self { first: old(Field::FirstName, &self.first), last: old(Field::LastName, &self.last), ..self.clone() }
    }

    fn full(&self) -> String {
        collapsed(&format!("{} {}", self.first, self.last))
    }

    fn with(&self, changes: &[FieldChange]) -> Self {
        let new = |field: Field| changes.iter().find(|change| change.field == field).map(|c| text_of(&c.after).unwrap_or_default());
        let first = new(Field::FirstName).unwrap_or_else(|| self.first.clone());
        let last = new(Field::LastName).unwrap_or_else(|| self.last.clone());
        Self { first, last, ..self.clone() }
    }

    /// The ways in which systems write a name in one text.
    fn spellings(&self) -> [String; 8] {
        let Self { prefix, first, middle, last, suffix } = self;
        [
            format!("{first} {last}"),
            format!("{last} {first}"),
            format!("{last}, {first}"),
            format!("{first} {middle} {last}"),
            format!("{last}, {first} {middle}"),
            format!("{prefix} {first} {middle} {last} {suffix}"),
            format!("{prefix} {first} {middle} {last}, {suffix}"),
            first.clone(),
        ]
        .map(|spelling| collapsed(&spelling))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(field: Field, before: &str, after: &str) -> FieldChange {
        FieldChange { field, before: Value::Text(before.to_owned()), after: Value::Text(after.to_owned()), unknown: false }
    }

    fn marriage() -> [FieldChange; 2] {
        [change(Field::Email, "old@glow.example", "new@glow.example"), change(Field::LastName, "Ruiz", "Married")]
    }

    fn user(display: &str, formatted: &str, emails: &Json) -> Json {
        let name = json!({ "givenName": "Ana", "familyName": "Ruiz", "middleName": "M.", "formatted": formatted });
        json!({ "userName": "old@glow.example", "displayName": display, "name": name, "emails": emails })
    }

    #[test]
    fn every_repetition_of_the_old_value_follows_and_everything_else_stays() {
        for (display, formatted, wanted_display, wanted_formatted) in [
            ("Ana Ruiz", "Ana M. Ruiz", "Ana Married", "Ana M. Married"),
            ("old@glow.example", "Ruiz, Ana", "new@glow.example", "Married, Ana"),
        ] {
            let emails = json!([{ "value": "OLD@glow.example", "type": "home" }, { "value": "own@mail.example", "primary": true }]);
            let found = Repeated::find(&user(display, formatted, &emails), &marriage(), false);
            let written: Vec<(String, Json)> =
                found.operations.iter().map(|o| (o.path.as_ref().unwrap().to_string(), o.value.clone().unwrap())).collect();
            let followed = json!([{ "value": "new@glow.example", "type": "home" }, { "value": "own@mail.example", "primary": true }]);
            assert_eq!(
                written,
                [
                    ("emails".to_owned(), followed),
                    ("name.formatted".to_owned(), json!(wanted_formatted)),
                    ("displayName".to_owned(), json!(wanted_display))
                ]
            );
            assert_eq!(found.stayed, [] as [&str; 0]);
        }
        let found = Repeated::find(&user("RUIZ Ana", "ruiz, ana", &json!([{ "value": "old@glow.example" }])), &marriage(), false);
        let written: Vec<&Json> = found.operations.iter().filter_map(|operation| operation.value.as_ref()).skip(1).collect();
        assert_eq!(
            (written, found.stayed),
            (vec![&json!("Married, Ana"), &json!("Married Ana")], Vec::new()),
            "capitals make no difference"
        );
        let found = Repeated::find(&user("Annie", "A. R.", &json!([{ "value": "own@mail.example" }])), &marriage(), false);
        assert_eq!((found.operations.len(), found.stayed.join(" ")), (0, "emails name.formatted displayName".to_owned()));
    }

    #[test]
    fn attributes_that_kept_the_old_name_are_named() {
        let emails = json!([{ "value": "old@glow.example" }]);
        let before = user("Ana Ruiz", "Ana Ruiz", &emails);
        let found = Repeated::find(&before, &marriage(), false);
        assert_eq!(found.left_behind(&before), ["emails", "name.formatted", "displayName"]);
        assert_eq!(found.left_behind(&user("Ana Married", "Ana Married", &json!([{ "value": "new@glow.example" }]))), [] as [&str; 0]);
    }
}
