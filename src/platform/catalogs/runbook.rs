//! The click path of each kind of change, in the vendor's own words: what a person does where a product has no interface.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::{Action, Field};

/// The placeholder for the person's name in a text of a click path.
pub const NAME: &str = "{name}";
/// The placeholder for the person's address in a text of a click path.
pub const EMAIL: &str = "{email}";

/// The click paths by kind of change.
pub type ClickPaths = BTreeMap<Action, ClickPath>;

/// Says how a person makes one kind of change. In texts, `**…**` is what the product shows, and `{name}` and `{email}` are the person's.
#[derive(Debug, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClickPath {
    /// These menus and buttons lead there; a part without its own is in the form itself.
    #[serde(default)]
    pub path: Vec<String>,
    /// The person asks this before beginning.
    #[serde(default)]
    pub first: Vec<String>,
    /// The person does this there, in order.
    #[serde(default, rename = "do")]
    pub instructions: Vec<String>,
    /// The form has these fields, and `email`, in this order; the others follow.
    #[serde(default)]
    pub order: Vec<String>,
    /// The person does this instead of sending an invitation, where the account begins with a first password (AR-10).
    #[serde(default)]
    pub first_password: Vec<String>,
    /// The product asks this, with the answer.
    #[serde(default)]
    pub asks: Vec<Question>,
    /// This shows that it worked.
    #[serde(default)]
    pub check: Option<String>,
    /// This is not certain.
    #[serde(default)]
    pub uncertain: Option<String>,
    /// This is not certain where something is revoked.
    #[serde(default)]
    pub uncertain_if_revoked: Option<String>,
    /// The bill changes like this, besides the number of seats.
    #[serde(default)]
    pub bill: Option<String>,
    /// These are other parts of the product, for fields that are not in the form itself; each is a step of its own.
    #[serde(default)]
    pub parts: Vec<ClickPath>,
    /// A part has these fields; `provider` also means the fields below it.
    #[serde(default)]
    pub fields: Vec<String>,
    /// This requirement says so.
    #[serde(default)]
    pub source: Option<String>,
    /// The sources do not say so, and this is an assumption.
    #[serde(default)]
    pub assumed: bool,
}

/// The product asks a question.
#[derive(Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The product says this.
    pub says: String,
    /// The person answers this.
    pub answer: String,
    /// The question has these buttons.
    #[serde(default)]
    pub buttons: Vec<String>,
}

impl ClickPath {
    /// Returns whether a field is in this part.
    #[must_use]
    pub fn has(&self, field: Field) -> bool {
        let key = field.key();
        self.fields.iter().any(|own| own == key || key.strip_prefix(own.as_str()).is_some_and(|rest| rest.starts_with('.')))
    }
}
