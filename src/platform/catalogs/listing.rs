//! The columns that a user list can have on a platform.

use crate::model::{BLOCKED, Field, Kind, Names, NormalForm, Standing, StepValue, with_all};

use crate::platform::Catalog;

impl Catalog {
    /// Lists the fields of which a user list can have a column.
    pub fn listed_fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.known_fields().map(|(field, _)| field).filter(|field| is_listed(*field))
    }

    /// Lists the keys that columns of a user list can have.
    #[must_use]
    pub fn list_columns(&self) -> Vec<&str> {
        ListColumn::all(self).map(|column| column.key(self)).collect()
    }

    /// Lists the states that marks in a user list can show: those that somebody can have.
    pub fn marked_states(&self) -> impl Iterator<Item = MarkedState> {
        let states = self.states;
        MarkedState::ALL.into_iter().filter(move |state| match state {
            MarkedState::Blocked => states.blocked,
            MarkedState::Pending => states.pending,
            MarkedState::Inactive => states.inactive,
        })
    }
}

/// A column of a user list that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListColumn {
    /// The address.
    Email,
    /// The user name, where the product has one.
    Login,
    /// First and last name in one column.
    Name,
    /// Active, inactive or pending.
    Status,
    /// Blocked or not.
    Blocked,
    /// A field.
    Field(Field),
}

impl ListColumn {
    /// Returns its key under `columns:` and `values:`.
    #[must_use]
    pub fn key(self, catalog: &Catalog) -> &str {
        match self {
            Self::Email => "email",
            Self::Login => "login",
            Self::Name => "name",
            Self::Status => StepValue::STATUS,
            Self::Blocked => BLOCKED,
            Self::Field(field) => catalog.yaml_key(field),
        }
    }

    /// Lists the columns that lists of a platform can have.
    pub fn all(catalog: &Catalog) -> impl Iterator<Item = Self> {
        let blocked = catalog.states.blocked.then_some(Self::Blocked);
        let fields = catalog.listed_fields().map(Self::Field);
        [Self::Email, Self::Login, Self::Name, Self::Status].into_iter().chain(blocked).chain(fields)
    }

    /// Finds the column with a key.
    #[must_use]
    pub fn named(key: &str, catalog: &Catalog) -> Option<Self> {
        Self::all(catalog).find(|column| column.key(catalog) == key)
    }
}

with_all! {
    /// A state that a mark in a user list can show.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum MarkedState {
        /// Blocked.
        Blocked,
        /// Invited, and not accepted.
        Pending,
        /// Inactive.
        Inactive,
    }
}

impl MarkedState {
    /// Returns its key under `marks:`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Blocked => BLOCKED,
            Self::Pending => Standing::Pending.as_str(),
            Self::Inactive => Standing::Inactive.as_str(),
        }
    }
}

/// Returns whether a list can have a column of the field.
fn is_listed(field: Field) -> bool {
    let definition = field.definition();
    let is_plain = definition.form == NormalForm::Plain && definition.names != Names::Employee && definition.only.is_empty();
    field != Field::Email
        && match definition.kind {
            Kind::Text => is_plain && field.switch().is_none(),
            Kind::Flag => field.switch().is_none(),
            Kind::List | Kind::Set => true,
            Kind::TextOrNo | Kind::Number | Kind::Changes => false,
        }
}
