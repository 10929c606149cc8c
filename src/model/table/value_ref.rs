//! The value of a field as it is read from packed fields, without a copy.

use crate::model::{Field, Kind, Texts, Value, plain_apostrophes};

/// The value of a field, borrowed from [`crate::model::Fields`]. See [`Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueRef<'a> {
    /// No value.
    Unset,
    /// A text.
    Text(&'a str),
    /// A boolean.
    Flag(bool),
    /// A whole number, in the unit of its field.
    Number(i64),
    /// Texts whose order matters.
    List(Texts<'a>),
    /// Texts whose order does not matter, sorted.
    Set(Texts<'a>),
    /// Privileges granted and revoked on top of a role.
    Changes {
        /// Granted in addition to the role's.
        grant: Texts<'a>,
        /// Revoked from the role's.
        revoke: Texts<'a>,
    },
}

impl<'a> ValueRef<'a> {
    /// The text, if it is one.
    #[must_use]
    pub const fn as_text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Unset | Self::Flag(_) | Self::Number(_) | Self::List(_) | Self::Set(_) | Self::Changes { .. } => None,
        }
    }

    /// The switch, if it is one.
    #[must_use]
    pub const fn as_flag(self) -> Option<bool> {
        match self {
            Self::Flag(on) => Some(on),
            Self::Unset | Self::Text(_) | Self::Number(_) | Self::List(_) | Self::Set(_) | Self::Changes { .. } => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub const fn as_number(self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Unset | Self::Text(_) | Self::Flag(_) | Self::List(_) | Self::Set(_) | Self::Changes { .. } => None,
        }
    }

    /// The members of a set or list, if it is one.
    #[must_use]
    pub const fn as_items(self) -> Option<Texts<'a>> {
        match self {
            Self::List(texts) | Self::Set(texts) => Some(texts),
            Self::Unset | Self::Text(_) | Self::Flag(_) | Self::Number(_) | Self::Changes { .. } => None,
        }
    }

    /// The privileges granted and revoked on top of a role, if it has such.
    #[must_use]
    pub const fn as_changes(self) -> Option<(Texts<'a>, Texts<'a>)> {
        match self {
            Self::Changes { grant, revoke } => Some((grant, revoke)),
            Self::Unset | Self::Text(_) | Self::Flag(_) | Self::Number(_) | Self::List(_) | Self::Set(_) => None,
        }
    }

    /// Returns it if a field of that kind can have it: none has an unset value.
    #[must_use]
    pub fn of_kind(self, kind: Kind) -> Option<Self> {
        let fits = match self {
            Self::Unset => false,
            Self::Text(_) => [Kind::Text, Kind::TextOrNo].contains(&kind),
            Self::Flag(on) => kind == Kind::Flag || (kind == Kind::TextOrNo && !on),
            Self::Number(_) => kind == Kind::Number,
            Self::List(_) => kind == Kind::List,
            Self::Set(_) => kind == Kind::Set,
            Self::Changes { .. } => kind == Kind::Changes,
        };
        fits.then_some(self)
    }

    /// Returns whether it is empty: unset, or an empty text, list or set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Unset => true,
            Self::Text(text) => text.is_empty(),
            Self::Flag(_) | Self::Number(_) => false,
            Self::List(texts) | Self::Set(texts) => texts.is_empty(),
            Self::Changes { grant, revoke } => grant.is_empty() && revoke.is_empty(),
        }
    }

    /// Returns whether it is the same as an absent field: empty, or `false` if that means nothing.
    #[must_use]
    pub fn is_off(&self, of: Field) -> bool {
        of.is_off(self.is_empty(), *self == Self::Flag(false))
    }

    /// Returns whether two values of a field are equal; absent, empty and `false` may be (RFC 7643 section 2.5).
    #[must_use]
    pub fn is_same(self, other: Self, of: Field) -> bool {
        self == other || (self.is_off(of) && other.is_off(of)) || self.is_same_name(other, of)
    }

    /// Returns whether both are one name, written with another apostrophe.
    fn is_same_name(self, other: Self, of: Field) -> bool {
        (of == Field::FirstName || of == Field::LastName)
            && self.as_text().zip(other.as_text()).is_some_and(|(one, other)| plain_apostrophes(one) == plain_apostrophes(other))
    }

    /// Returns an owned copy.
    #[must_use]
    pub fn to_value(self) -> Value {
        fn all<T: FromIterator<String>>(texts: Texts<'_>) -> T {
            texts.into_iter().map(str::to_owned).collect()
        }
        match self {
            Self::Unset => Value::Unset,
            Self::Text(text) => Value::Text(text.to_owned()),
            Self::Flag(on) => Value::Flag(on),
            Self::Number(number) => Value::Number(number),
            Self::List(texts) => Value::List(all(texts)),
            Self::Set(texts) => Value::Set(all(texts)),
            Self::Changes { grant, revoke } => Value::changes(all(grant), all(revoke)),
        }
    }
}

impl PartialEq<Value> for ValueRef<'_> {
    fn eq(&self, other: &Value) -> bool {
        match (self, other) {
            (Self::Unset, Value::Unset) => true,
            (Self::Text(text), Value::Text(other)) => text == other,
            (Self::Flag(on), Value::Flag(other)) => on == other,
            (Self::Number(number), Value::Number(other)) => number == other,
            (Self::List(texts), Value::List(other)) => texts.into_iter().eq(other),
            (Self::Set(texts), Value::Set(other)) => texts.into_iter().eq(other),
            (Self::Changes { grant, revoke }, Value::Changes(other)) => {
                grant.into_iter().eq(&other.grant) && revoke.into_iter().eq(&other.revoke)
            }
            (
                Self::Unset | Self::Text(_) | Self::Flag(_) | Self::Number(_) | Self::List(_) | Self::Set(_) | Self::Changes { .. },
                Value::Unset | Value::Text(_) | Value::Flag(_) | Value::Number(_) | Value::List(_) | Value::Set(_) | Value::Changes(_),
            ) => false,
        }
    }
}
