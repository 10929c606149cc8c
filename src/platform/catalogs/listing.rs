//! Which columns a user list can have on a platform.

use crate::model::{Field, Kind, Names, NormalForm};

use crate::platform::Catalog;

impl Catalog {
    /// Lists the fields of which a user list can have a column.
    pub fn listed_fields(&self) -> impl Iterator<Item = Field> + '_ {
        self.known_fields().map(|(field, _)| field).filter(|field| is_listed(*field))
    }

    /// Lists the keys that columns of a user list can have.
    #[must_use]
    pub fn list_columns(&self) -> Vec<&str> {
        let blocked = self.states.blocked.then_some("blocked");
        let fields = self.listed_fields().map(|field| self.yaml_key(field));
        ["email", "login", "name", "status"].into_iter().chain(blocked).chain(fields).collect()
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
