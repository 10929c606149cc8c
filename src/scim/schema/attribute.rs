//! One attribute and its characteristics (RFC 7643 sections 2.2 and 7).

use serde_json::{Map, Value, json};

/// The type of an attribute's values (RFC 7643 section 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    String,
    /// True or false.
    Boolean,
    /// A number.
    Decimal,
    /// A whole number that fits 64 bits.
    Integer,
    /// Date and time.
    DateTime,
    /// Base 64.
    Binary,
    /// A URI.
    Reference,
    /// Sub-attributes.
    Complex,
}

/// Says whether and when an attribute can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutability {
    /// Only the server sets it.
    ReadOnly,
    /// Clients can change it.
    ReadWrite,
    /// Clients can set it once.
    Immutable,
    /// Clients can set it, but it is never returned.
    WriteOnly,
}

/// Says when an answer includes an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// Always.
    Always,
    /// Never.
    Never,
    /// Unless excluded.
    Default,
    /// Only if asked for.
    Request,
}

/// The scope in which a value is unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uniqueness {
    /// Not at all.
    None,
    /// Within the workspace.
    Server,
    /// Everywhere.
    Global,
}

/// One attribute. A property that a table does not set has the default of RFC 7643 section 2.2.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the characteristics that the RFC lists, one switch each")]
pub struct Attribute {
    /// The name in its canonical case.
    pub name: String,
    /// The type of its values.
    pub kind: Type,
    /// Says whether it can have several values.
    pub multi_valued: bool,
    /// Says whether it is required.
    pub required: bool,
    /// Says whether the server supplies it if a client omits it: a default at first, later the existing value.
    pub supplied: bool,
    /// Says whether case counts in comparisons.
    pub case_exact: bool,
    /// Says whether and when it can be changed.
    pub mutability: Mutability,
    /// Says when an answer includes it.
    pub returned: Returned,
    /// The scope in which it is unique.
    pub uniqueness: Uniqueness,
    /// The usual values.
    pub canonical_values: Vec<String>,
    /// Says whether values other than the canonical ones are refused.
    pub closed: bool,
    /// The types that a reference points to: resource type names, `external` or `uri`.
    pub reference_types: Vec<String>,
    /// The parts of a complex attribute.
    pub sub_attributes: Vec<Attribute>,
    /// The description.
    pub description: String,
}

impl Attribute {
    /// Makes an attribute with the RFC's defaults.
    #[must_use]
    pub fn new(name: &str, kind: Type, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            multi_valued: false,
            required: false,
            supplied: false,
            case_exact: false,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            uniqueness: Uniqueness::None,
            canonical_values: Vec::new(),
            closed: false,
            reference_types: Vec::new(),
            sub_attributes: Vec::new(),
            description: description.to_owned(),
        }
    }

    /// Makes a text.
    #[must_use]
    pub fn string(name: &str, description: &str) -> Self {
        Self::new(name, Type::String, description)
    }

    /// Makes a boolean.
    #[must_use]
    pub fn boolean(name: &str, description: &str) -> Self {
        Self::new(name, Type::Boolean, description)
    }

    /// Makes a whole number.
    #[must_use]
    pub fn integer(name: &str, description: &str) -> Self {
        Self::new(name, Type::Integer, description)
    }

    /// Makes a date and time.
    #[must_use]
    pub fn date_time(name: &str, description: &str) -> Self {
        Self::new(name, Type::DateTime, description)
    }

    /// Makes a reference to resources of these types; case counts (RFC 7643 section 2.3.7).
    #[must_use]
    pub fn reference(name: &str, types: &[&str], description: &str) -> Self {
        let mut attribute = Self::new(name, Type::Reference, description);
        attribute.case_exact = true;
        attribute.reference_types = types.iter().map(|t| (*t).to_owned()).collect();
        attribute
    }

    /// Makes an attribute with parts.
    #[must_use]
    pub fn complex(name: &str, description: &str, sub_attributes: Vec<Self>) -> Self {
        let mut attribute = Self::new(name, Type::Complex, description);
        attribute.sub_attributes = sub_attributes;
        attribute
    }

    /// Makes it multi-valued.
    #[must_use]
    pub fn many(mut self) -> Self {
        self.multi_valued = true;
        self
    }

    /// Makes it required.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Makes it required, and supplied by the server if a client omits it: it is always present and cannot be removed.
    #[must_use]
    pub fn supplied(mut self) -> Self {
        self.supplied = true;
        self.required()
    }

    /// Makes it case-sensitive.
    #[must_use]
    pub fn exact(mut self) -> Self {
        self.case_exact = true;
        self
    }

    /// Makes it and its parts read-only.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.mutability = Mutability::ReadOnly;
        self.sub_attributes = self.sub_attributes.into_iter().map(Self::read_only).collect();
        self
    }

    /// Makes it impossible to change once set.
    #[must_use]
    pub fn immutable(mut self) -> Self {
        self.mutability = Mutability::Immutable;
        self
    }

    /// Makes it writable and never returned.
    #[must_use]
    pub fn write_only(mut self) -> Self {
        self.mutability = Mutability::WriteOnly;
        self.returned = Returned::Never;
        self
    }

    /// Makes it part of every answer.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.returned = Returned::Always;
        self
    }

    /// Makes it part of the answers alone that it is asked for in.
    #[must_use]
    pub fn on_request(mut self) -> Self {
        self.returned = Returned::Request;
        self
    }

    /// Makes it unique within the workspace.
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.uniqueness = Uniqueness::Server;
        self
    }

    /// Sets the usual values.
    #[must_use]
    pub fn usually<S: AsRef<str>>(mut self, values: impl IntoIterator<Item = S>) -> Self {
        self.canonical_values = values.into_iter().map(|v| v.as_ref().to_owned()).collect();
        self
    }

    /// Sets the only values it can have.
    #[must_use]
    pub fn only<S: AsRef<str>>(self, values: impl IntoIterator<Item = S>) -> Self {
        let mut attribute = self.usually(values);
        attribute.closed = true;
        attribute
    }

    /// Finds a part by name, in any case.
    #[must_use]
    pub fn sub(&self, name: &str) -> Option<&Self> {
        self.sub_attributes.iter().find(|a| a.name.eq_ignore_ascii_case(name))
    }

    /// Returns its entry in a schema (RFC 7643 section 7).
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut out = Map::new();
        out.insert("name".to_owned(), json!(self.name));
        out.insert("type".to_owned(), json!(self.kind.as_str()));
        out.insert("multiValued".to_owned(), json!(self.multi_valued));
        out.insert("description".to_owned(), json!(self.description));
        out.insert("required".to_owned(), json!(self.required));
        if !self.canonical_values.is_empty() {
            out.insert("canonicalValues".to_owned(), json!(self.canonical_values));
        }
        out.insert("caseExact".to_owned(), json!(self.case_exact));
        out.insert("mutability".to_owned(), json!(self.mutability.as_str()));
        out.insert("returned".to_owned(), json!(self.returned.as_str()));
        out.insert("uniqueness".to_owned(), json!(self.uniqueness.as_str()));
        if !self.reference_types.is_empty() {
            out.insert("referenceTypes".to_owned(), json!(self.reference_types));
        }
        if !self.sub_attributes.is_empty() {
            out.insert("subAttributes".to_owned(), Value::Array(self.sub_attributes.iter().map(Self::to_json).collect()));
        }
        Value::Object(out)
    }
}

impl Type {
    /// Returns the word used in schemas.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Decimal => "decimal",
            Self::Integer => "integer",
            Self::DateTime => "dateTime",
            Self::Binary => "binary",
            Self::Reference => "reference",
            Self::Complex => "complex",
        }
    }
}

impl Mutability {
    /// Returns the word used in schemas.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ReadOnly => "readOnly",
            Self::ReadWrite => "readWrite",
            Self::Immutable => "immutable",
            Self::WriteOnly => "writeOnly",
        }
    }
}

impl Returned {
    /// Returns the word used in schemas.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Never => "never",
            Self::Default => "default",
            Self::Request => "request",
        }
    }
}

impl Uniqueness {
    /// Returns the word used in schemas.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Server => "server",
            Self::Global => "global",
        }
    }
}
