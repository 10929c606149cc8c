//! Makes a value of every field that a platform has, from a number, so that a new field joins the random worlds by itself.

use rosterctl::model::{Definition, Email, Field, Fields, Kind, Names, NormalForm, Value};
use rosterctl::platform::{self, Candidate, Platform, Surroundings};

use super::{CLINICS, role_keys};

/// The number of values that each field has; 0 means none.
pub const CHOICES: u8 = 8;

/// The choice of own privileges that makes somebody an administrator where no role does.
pub const MANAGES_USERS: u8 = CHOICES;

/// A choice for every field, in the order of [`Field::ALL`].
pub type Choices = Vec<u8>;

fn pick(all: &[&str], choice: u8) -> Value {
    all.get(usize::from(choice) % all.len()).map_or(Value::Unset, |text| Value::Text((*text).to_owned()))
}

/// The value of a field of person `i`.
fn value(platform: &Platform, field: Field, choice: u8, i: usize) -> Value {
    let Definition { kind, names, form, only, .. } = *field.definition();
    let catalog = platform.catalog();
    let allowed: Vec<&str> = catalog.field(field).map_or(Vec::new(), |rule| rule.allowed.iter().map(String::as_str).collect());
    let Some(nth) = choice.checked_sub(1) else { return Value::Unset };
    match (kind, names, form) {
        (_, Names::Role, _) => {
            let keys = role_keys(platform);
            pick(&keys.iter().map(String::as_str).collect::<Vec<_>>(), nth)
        }
        (Kind::Set, Names::Clinic, _) => {
            Value::Set(CLINICS.iter().enumerate().filter(|(at, _)| choice >> at & 1 == 1).map(|(_, c)| (*c).to_owned()).collect())
        }
        (_, Names::Clinic, _) => pick(&CLINICS, nth),
        (_, Names::Colleague, _) if nth % 4 == 0 => Value::Flag(false),
        (_, Names::Colleague, _) => Value::Text(super::address(usize::from(nth % 4)).as_str().to_owned()),
        (Kind::Flag, ..) => Value::Flag(choice.is_multiple_of(2)),
        (Kind::Number, ..) => Value::Number(i64::from(choice) * 10),
        (Kind::Changes, ..) => {
            let manages = |key: &String| choice == MANAGES_USERS && catalog.manages_users.as_ref() == Some(key);
            let every_fifth = |rest: usize| {
                catalog.privileges.keys().enumerate().filter(move |(at, _)| choice < CHOICES && (at + usize::from(choice)) % 5 == rest)
            };
            let granted = every_fifth(0).map(|(_, key)| key).chain(catalog.privileges.keys().filter(|key| manages(key)));
            Value::changes(granted.cloned().collect(), every_fifth(1).map(|(_, key)| key.clone()).collect())
        }
        (Kind::Set, ..) => Value::Set(
            allowed.into_iter().enumerate().filter(|(at, _)| choice >> (at % 3) & 1 == 1).map(|(_, text)| text.to_owned()).collect(),
        ),
        (Kind::List, _, NormalForm::Phones) => {
            let cell = format!("+1602555{i:04}");
            Value::List(std::iter::once(cell).chain((0..nth % 3).map(|n| format!("+1480555{n}{i:03}"))).collect())
        }
        (Kind::Text, _, NormalForm::Color) => Value::Text(format!("#{choice:02x}{i:02x}aa")),
        (Kind::Text, ..) if !only.is_empty() => pick(only, nth),
        (Kind::Text, ..) if !allowed.is_empty() => pick(&allowed, nth),
        (Kind::Text | Kind::TextOrNo | Kind::List, ..) => {
            Value::Text(format!("{}{}", ["Ana", "Zoë", "O'Neil"][usize::from(nth % 3)], "abcdefghijklm".chars().nth(i).unwrap_or('z')))
        }
    }
}

/// Every field that an account of the platform has, by these choices; fields without a value are unset. Nobody is without what is required.
pub fn fields(platform: &Platform, choices: &Choices, i: usize) -> Fields {
    let catalog = platform.catalog();
    let with = |(field, choice): (Field, &u8)| {
        let rule = catalog.field(field)?;
        let choice = if rule.required { (*choice).max(1) } else { *choice };
        Some((field, value(platform, field, choice, i)))
    };
    Field::ALL.into_iter().zip(choices).filter(|(field, _)| *field != Field::Employee).filter_map(with).collect()
}

/// The other people of a world, as far as rules ask: their roles.
pub struct Around<'a> {
    /// The platform.
    pub platform: &'a Platform,
    /// Role and activity by address.
    pub people: &'a [(Email, Fields, bool)],
}

impl Surroundings for Around<'_> {
    fn has_clinic(&self, key: &str) -> bool {
        CLINICS.contains(&key)
    }

    fn has_role(&self, key: &str) -> bool {
        role_keys(self.platform).iter().any(|role| role == key)
    }

    fn colleague(&self, email: &str) -> Option<(String, bool)> {
        let (_, fields, active) = self.people.iter().find(|(address, ..)| address.as_str() == email)?;
        Some((fields.text(Field::Role)?.to_owned(), *active))
    }

    fn clinic_keys(&self) -> Vec<String> {
        CLINICS.map(str::to_owned).into()
    }

    fn role_keys(&self) -> Vec<String> {
        role_keys(self.platform)
    }
}

/// Takes out what the platform's rules do not allow, as a person would: a value that breaks a rule goes, and a provider who lacks what
/// providers need is not one.
pub fn fit(around: &Around<'_>, email: &Email, fields: &mut Fields, active: bool, main_admin: bool) {
    around.platform.catalog().normalize(fields);
    for _ in 0..2 * Field::ALL.len() {
        let candidate = Candidate { email, fields, active, main_admin };
        let Some(broken) = platform::check(around.platform, &candidate, around).into_iter().next() else { return };
        if broken.field == Field::DefaultClinic {
            let first = fields.items(Field::Clinics).into_iter().next().map(str::to_owned);
            fields.set(Field::DefaultClinic, first.map_or(Value::Unset, Value::Text));
        } else if fields.get(broken.field).is_some_and(|value| !value.is_empty()) {
            fields.set(broken.field, Value::Unset);
        } else {
            let settings: Vec<Field> = fields.iter().map(|(field, _)| field).filter(|field| field.switch().is_some()).collect();
            for field in settings {
                fields.set(field, Value::Unset);
            }
            fields.set(Field::Provider, Value::Flag(false));
        }
    }
    let candidate = Candidate { email, fields, active, main_admin };
    panic!("{email} cannot be made to fit: {:?}", platform::check(around.platform, &candidate, around));
}
