//! The content of a row of the field table.

/// Everything the program knows about a field.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// The key in YAML, with dots for nested keys.
    pub key: &'static str,
    /// The kind of its values.
    pub kind: Kind,
    /// The things that its texts refer to.
    pub names: Names,
    /// The form in which its texts are stored.
    pub form: NormalForm,
    /// The allowed texts; all are allowed if empty.
    pub only: &'static [&'static str],
    /// The description in the YAML schema.
    pub yaml: &'static str,
    /// An example value for the YAML schema.
    pub example: &'static [&'static str],
    /// Another key in YAML that some platforms use, with its description.
    pub also: Option<(&'static str, &'static str)>,
    /// Says whether it only describes a person, and decides nothing about what they may do or where.
    pub describes: bool,
    /// Its place on the wire.
    pub wire: Wire,
}

/// The kind of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A text.
    Text,
    /// A text, or `false`, which differs from an absent value.
    TextOrNo,
    /// A boolean.
    Flag,
    /// A whole number.
    Number,
    /// Texts whose order matters.
    List,
    /// Texts whose order does not matter.
    Set,
    /// Privileges granted and revoked.
    Changes,
}

/// The things that the texts of a field refer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// Nothing: they are plain texts.
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

impl Names {
    /// Returns whether they name another account.
    #[must_use]
    pub const fn is_colleague(self) -> bool {
        match self {
            Self::Colleague => true,
            Self::Nothing | Self::Clinic | Self::Role | Self::Employee => false,
        }
    }
}

/// The form in which a field's texts are stored; both sides are converted to it before they are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NormalForm {
    /// NFC, without white space at either end.
    Plain,
    /// The same, of several lines.
    Lines,
    /// E.164 numbers.
    Phones,
    /// `#rrggbb` in lower case.
    Color,
    /// An e-mail address.
    Address,
}

/// The place of a field on the wire.
#[derive(Clone, Copy, Debug)]
pub struct Wire {
    /// Says whether it is in the practice extension.
    pub practice: bool,
    /// The attribute.
    pub attribute: &'static str,
    /// Its part of the attribute.
    pub part: Option<&'static str>,
    /// The description in the wire schema.
    pub description: &'static str,
    /// Says whether its texts are compared with regard to case.
    pub exact: bool,
    /// For [`Kind::TextOrNo`]: the part with the text, and its description; the field's own part is a boolean.
    pub beside: Option<(&'static str, &'static str)>,
}

impl Wire {
    /// Returns the path of the value on the wire, such as `name.familyName`.
    #[must_use]
    pub fn path(&self) -> String {
        self.part.map_or_else(|| self.attribute.to_owned(), |part| format!("{}.{part}", self.attribute))
    }
}

/// An attribute on the wire, and a map in YAML, that contains several fields.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The attribute.
    pub attribute: &'static str,
    /// The description in the wire schema.
    pub wire: &'static str,
    /// The key of the map in YAML, with dots for nested keys.
    pub key: Option<&'static str>,
    /// The description of the map in the YAML schema.
    pub yaml: &'static str,
}

/// Starts a row with default values.
pub(in crate::model) const fn row(key: &'static str, kind: Kind) -> Definition {
    let wire = Wire { practice: true, attribute: "", part: None, description: "", exact: false, beside: None };
    Definition {
        key,
        kind,
        names: Names::Nothing,
        form: NormalForm::Plain,
        only: &[],
        yaml: "",
        example: &[],
        also: None,
        describes: false,
        wire,
    }
}

impl Definition {
    pub(in crate::model) const fn names(self, names: Names) -> Self {
        Self { names, ..self }
    }

    pub(in crate::model) const fn form(self, form: NormalForm) -> Self {
        Self { form, ..self }
    }

    pub(in crate::model) const fn describes(self) -> Self {
        Self { describes: true, ..self }
    }

    pub(in crate::model) const fn only(self, only: &'static [&'static str]) -> Self {
        Self { only, ..self }
    }

    pub(in crate::model) const fn yaml(self, yaml: &'static str) -> Self {
        Self { yaml, ..self }
    }

    pub(in crate::model) const fn example(self, example: &'static [&'static str]) -> Self {
        Self { example, ..self }
    }

    pub(in crate::model) const fn also(self, key: &'static str, yaml: &'static str) -> Self {
        Self { also: Some((key, yaml)), ..self }
    }

    pub(in crate::model) const fn core(self, attribute: &'static str, part: Option<&'static str>, description: &'static str) -> Self {
        Self { wire: Wire { practice: false, attribute, part, description, ..self.wire }, ..self }
    }

    pub(in crate::model) const fn practice(self, attribute: &'static str, part: Option<&'static str>, description: &'static str) -> Self {
        Self { wire: Wire { practice: true, attribute, part, description, ..self.wire }, ..self }
    }

    pub(in crate::model) const fn exact(self) -> Self {
        Self { wire: Wire { exact: true, ..self.wire }, ..self }
    }

    pub(in crate::model) const fn beside(self, part: &'static str, description: &'static str) -> Self {
        Self { wire: Wire { beside: Some((part, description)), ..self.wire }, ..self }
    }
}
