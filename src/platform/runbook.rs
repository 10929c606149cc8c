//! The click path of each kind of change, in the vendor's own words: what a person does where a product has no interface.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::{Action, Field};

use super::Catalog;

/// The placeholder for the person's name in a text of a click path.
pub const NAME: &str = "{name}";
/// The placeholder for the person's address in a text of a click path.
pub const EMAIL: &str = "{email}";

/// The click paths by kind of change.
pub type ClickPaths = BTreeMap<Action, ClickPath>;

/// How a person makes one kind of change. In texts, `**…**` is what the product shows, and `{name}` and `{email}` are the person's.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClickPath {
    /// The menus and buttons that lead there; a part without its own is in the form itself.
    #[serde(default)]
    pub path: Vec<String>,
    /// What the person asks before beginning.
    #[serde(default)]
    pub first: Vec<String>,
    /// What to do there, in order.
    #[serde(default, rename = "do")]
    pub instructions: Vec<String>,
    /// Field keys, and `email`, in the order of the form; the others follow.
    #[serde(default)]
    pub order: Vec<String>,
    /// What to do instead of sending an invitation, where the account begins with a first password (AR-10).
    #[serde(default)]
    pub first_password: Vec<String>,
    /// What the product asks, and the answer.
    #[serde(default)]
    pub asks: Vec<Question>,
    /// How to see that it worked.
    #[serde(default)]
    pub check: Option<String>,
    /// A doubt about it.
    #[serde(default)]
    pub uncertain: Option<String>,
    /// A doubt where something is revoked.
    #[serde(default)]
    pub uncertain_if_revoked: Option<String>,
    /// What it does to the bill besides the number of seats.
    #[serde(default)]
    pub bill: Option<String>,
    /// Other parts of the product, for fields that are not in the form itself; each is a step of its own.
    #[serde(default)]
    pub parts: Vec<ClickPath>,
    /// Of a part: the keys of its fields; `provider` also means the fields below it.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The requirement.
    #[serde(default)]
    pub source: Option<String>,
    /// Whether the sources do not say, so that this is an assumption.
    #[serde(default)]
    pub assumed: bool,
}

/// A question of the product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// What it says.
    pub says: String,
    /// What to answer.
    pub answer: String,
    /// Its buttons.
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

impl Catalog {
    /// Returns the click path of a kind of change; `None` if the catalog has none.
    #[must_use]
    pub fn click_path(&self, action: Action) -> Option<&ClickPath> {
        self.runbook.get(&action)
    }

    /// Returns the label of a field in the product; `None` if the catalog gives none.
    #[must_use]
    pub fn label(&self, field: Field) -> Option<&str> {
        self.field(field)?.label.as_deref()
    }
}
