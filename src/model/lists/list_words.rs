//! The words that a product's user list has, beside the ones that many products use.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::Standing;

/// The meanings of the headers, values and marks of a user list. A catalog has some, and a workspace can have its own, which come first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListWords {
    /// The headers of each column: `email`, `login`, `name`, `status`, `blocked`, or a field's key.
    pub columns: BTreeMap<String, Vec<String>>,
    /// The meanings of the words in a column: the key in the roster, or `unknown`.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// The marks of a state (`blocked`, `pending`, `inactive`): the text or the class of an icon.
    pub marks: BTreeMap<String, Vec<String>>,
    /// The state of people whose name is not shown.
    pub nameless: Option<Standing>,
    /// Headers of lists that look like one of accounts and are another.
    pub not_users: Vec<String>,
    /// Says whether the sources are silent, so that this is an assumption.
    pub assumed: bool,
}
