//! One attribute and its characteristics (RFC 7643 sections 2.2 and 7).

use serde_json::{Map, Value, json};

/// What values an attribute takes (RFC 7643 section 2.3).
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

/// Who may change an attribute, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutability {
    /// The server alone.
    ReadOnly,
    /// Anyone.
    ReadWrite,
    /// Once.
    Immutable,
    /// Anyone, and nobody reads it.
    WriteOnly,
}

/// When an attribute is in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returned {
    /// Always.
    Always,
    /// Never.
    Never,
    /// Unless excluded.
    Default,
    /// Only where asked for.
    Request,
}

/// How far a value is unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uniqueness {
    /// Not at all.
    None,
    /// Within the workspace.
    Server,
    /// Everywhere.
    Global,
}

/// One attribute. The defaults of RFC 7643 section 2.2 hold where a table says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the characteristics that the RFC lists, one switch each")]
pub struct Attribute {
    /// The name in its canonical case.
    pub name: String,
    /// What values it takes.
    pub kind: Type,
    /// Whether it holds several.
    pub multi_valued: bool,
    /// Whether it must be there.
    pub required: bool,
    /// Whether the server supplies it where a client leaves it out: a default at first, afterwards what was there.
    pub supplied: bool,
    /// Whether case counts in comparisons.
    pub case_exact: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// When it is in an answer.
    pub returned: Returned,
    /// How far it is unique.
    pub uniqueness: Uniqueness,
    /// The values it usually takes.
    pub canonical_values: Vec<String>,
    /// Whether other values than the canonical ones are refused.
    pub closed: bool,
    /// What a reference points to: resource type names, `external` or `uri`.
    pub reference_types: Vec<String>,
    /// The parts of a complex attribute.
    pub sub_attributes: Vec<Attribute>,
    /// In words.
    pub description: String,
}

impl Attribute {
    /// An attribute with the RFC's defaults.
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

    /// A text.
    #[must_use]
    pub fn string(name: &str, description: &str) -> Self {
        Self::new(name, Type::String, description)
    }

    /// A switch.
    #[must_use]
    pub fn boolean(name: &str, description: &str) -> Self {
        Self::new(name, Type::Boolean, description)
    }

    /// A whole number.
    #[must_use]
    pub fn integer(name: &str, description: &str) -> Self {
        Self::new(name, Type::Integer, description)
    }

    /// A time.
    #[must_use]
    pub fn date_time(name: &str, description: &str) -> Self {
        Self::new(name, Type::DateTime, description)
    }

    /// A reference to resources of these types; case counts (RFC 7643 section 2.3.7).
    #[must_use]
    pub fn reference(name: &str, types: &[&str], description: &str) -> Self {
        let mut attribute = Self::new(name, Type::Reference, description);
        attribute.case_exact = true;
        attribute.reference_types = types.iter().map(|t| (*t).to_owned()).collect();
        attribute
    }

    /// An attribute with parts.
    #[must_use]
    pub fn complex(name: &str, description: &str, sub_attributes: Vec<Self>) -> Self {
        let mut attribute = Self::new(name, Type::Complex, description);
        attribute.sub_attributes = sub_attributes;
        attribute
    }

    /// Makes it hold several values.
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

    /// Makes it required, and supplied by the server where a client leaves it out: it is always there, and can not be removed.
    #[must_use]
    pub fn supplied(mut self) -> Self {
        self.supplied = true;
        self.required()
    }

    /// Makes case count.
    #[must_use]
    pub fn exact(mut self) -> Self {
        self.case_exact = true;
        self
    }

    /// Makes it the server's alone, its parts too.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.mutability = Mutability::ReadOnly;
        self.sub_attributes = self.sub_attributes.into_iter().map(Self::read_only).collect();
        self
    }

    /// Makes it unchangeable once set.
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

    /// Makes it unique within the workspace.
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.uniqueness = Uniqueness::Server;
        self
    }

    /// Names the values it usually takes.
    #[must_use]
    pub fn usually<S: AsRef<str>>(mut self, values: impl IntoIterator<Item = S>) -> Self {
        self.canonical_values = values.into_iter().map(|v| v.as_ref().to_owned()).collect();
        self
    }

    /// Names the only values it takes.
    #[must_use]
    pub fn only<S: AsRef<str>>(self, values: impl IntoIterator<Item = S>) -> Self {
        let mut attribute = self.usually(values);
        attribute.closed = true;
        attribute
    }

    /// A part by name, in any case.
    #[must_use]
    pub fn sub(&self, name: &str) -> Option<&Self> {
        self.sub_attributes.iter().find(|a| a.name.eq_ignore_ascii_case(name))
    }

    /// Its entry in a schema (RFC 7643 section 7).
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
    /// The word of a schema.
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
    /// The word of a schema.
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
    /// The word of a schema.
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
    /// The word of a schema.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Server => "server",
            Self::Global => "global",
        }
    }
}
