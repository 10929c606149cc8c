//! The rules by which the members of a platform sign up and sign in.

use serde::{Deserialize, Serialize};

use super::field_rules::not_a_field;
use crate::model::Field;

/// The rules by which members sign up and sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberRules {
    /// Says whether a login belongs to a person, for every workspace of the platform (AR-3).
    #[serde(default)]
    pub shared_login: bool,
    /// Says whether a one-time code sent to the cell phone comes before the password (AR-2, AR-3).
    #[serde(default)]
    pub cell_code: bool,
    /// The names that members confirm when they accept (CHR-4).
    #[serde(default, with = "keys")]
    pub confirms: Vec<Field>,
    /// The field that says whether the practice wants a second factor of a member (CHR-5).
    #[serde(default, with = "key")]
    pub second_factor: Option<Field>,
    /// A session without a request for so many minutes ends.
    pub idle_minutes: u16,
}

/// A field by its key.
mod key {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de};

    use crate::model::Field;

    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference to the field")]
    pub(super) fn serialize<S: Serializer>(field: &Option<Field>, serializer: S) -> Result<S::Ok, S::Error> {
        field.map(Field::key).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Field>, D::Error> {
        let key = Option::<String>::deserialize(deserializer)?;
        key.map(|key| Field::from_key(&key).ok_or_else(|| de::Error::custom(super::not_a_field(&key)))).transpose()
    }
}

/// Fields by their keys.
mod keys {
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer, de};

    use crate::model::Field;

    pub(super) fn serialize<S: Serializer>(fields: &[Field], serializer: S) -> Result<S::Ok, S::Error> {
        fields.iter().map(|field| field.key()).collect::<Vec<_>>().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Field>, D::Error> {
        let keys = Vec::<String>::deserialize(deserializer)?;
        keys.iter().map(|key| Field::from_key(key).ok_or_else(|| de::Error::custom(super::not_a_field(key)))).collect()
    }
}
