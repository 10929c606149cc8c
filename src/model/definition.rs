//! The shape of a row of the field table.

/// All that is to know of a field.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The key in YAML, dotted where it is deeper.
    pub key: &'static str,
    /// What its values are.
    pub kind: Kind,
    /// What its texts name.
    pub names: Names,
    /// The form its texts are stored in.
    pub form: Form,
    /// The only texts there are; any where empty.
    pub only: &'static [&'static str],
    /// What YAML's schema says of it.
    pub yaml: &'static str,
    /// A value that YAML's schema shows.
    pub example: &'static [&'static str],
    /// Another key in YAML that some platforms use, and what the schema says of it.
    pub also: Option<(&'static str, &'static str)>,
    /// Its place on the wire.
    pub wire: Wire,
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A text, or `false`, which is an answer of its own.
    TextOrNo,
    /// A switch.
    Flag,
    /// A whole number.
    Number,
    /// Texts whose order means something.
    List,
    /// Texts whose order means nothing.
    Set,
    /// What is granted and revoked.
    Changes,
}

/// What the texts of a field name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Nothing: they are just texts.
    Nothing,
    /// Clinics, by key.
    Clinic,
    /// A role, by key.
    Role,
    /// An employee record, by key.
    Employee,
    /// Another account of the workspace, by address.
    Colleague,
}

/// The form that texts of a field are stored in; both sides are brought to it before they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// NFC, without white space at the ends.
    Plain,
    /// E.164 numbers.
    Phones,
    /// `#rrggbb` in lower case.
    Color,
    /// An e-mail address.
    Address,
}

/// Where a field is on the wire.
#[derive(Clone, Copy, Debug)]
pub struct Wire {
    /// Whether it is in the practice extension.
    pub practice: bool,
    /// The attribute.
    pub attribute: &'static str,
    /// The part of it.
    pub part: Option<&'static str>,
    /// What the wire's schema says of it.
    pub description: &'static str,
    /// Whether its texts are compared as they are written.
    pub exact: bool,
    /// For [`Kind::TextOrNo`]: the part that holds the text, and its description; the field's own part is a boolean.
    pub beside: Option<(&'static str, &'static str)>,
}

/// An attribute on the wire, and a map in YAML, that holds several fields.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The attribute.
    pub attribute: &'static str,
    /// What the wire's schema says of it.
    pub wire: &'static str,
    /// The key of the map in YAML, dotted where it is deeper.
    pub key: Option<&'static str>,
    /// What YAML's schema says of the map.
    pub yaml: &'static str,
    /// The keys that the map must have.
    pub required: &'static [&'static str],
}

/// Begins a row.
pub(super) const fn row(key: &'static str, kind: Kind) -> Definition {
    let wire = Wire { practice: true, attribute: "", part: None, description: "", exact: false, beside: None };
    Definition { key, kind, names: Names::Nothing, form: Form::Plain, only: &[], yaml: "", example: &[], also: None, wire }
}

impl Definition {
    pub(super) const fn names(self, names: Names) -> Self {
        Self { names, ..self }
    }

    pub(super) const fn form(self, form: Form) -> Self {
        Self { form, ..self }
    }

    pub(super) const fn only(self, only: &'static [&'static str]) -> Self {
        Self { only, ..self }
    }

    pub(super) const fn yaml(self, yaml: &'static str) -> Self {
        Self { yaml, ..self }
    }

    pub(super) const fn example(self, example: &'static [&'static str]) -> Self {
        Self { example, ..self }
    }

    pub(super) const fn also(self, key: &'static str, yaml: &'static str) -> Self {
        Self { also: Some((key, yaml)), ..self }
    }

    pub(super) const fn core(self, attribute: &'static str, part: Option<&'static str>, description: &'static str) -> Self {
        Self { wire: Wire { practice: false, attribute, part, description, ..self.wire }, ..self }
    }

    pub(super) const fn practice(self, attribute: &'static str, part: Option<&'static str>, description: &'static str) -> Self {
        Self { wire: Wire { practice: true, attribute, part, description, ..self.wire }, ..self }
    }

    pub(super) const fn exact(self) -> Self {
        Self { wire: Wire { exact: true, ..self.wire }, ..self }
    }

    pub(super) const fn beside(self, part: &'static str, description: &'static str) -> Self {
        Self { wire: Wire { beside: Some((part, description)), ..self.wire }, ..self }
    }
}
