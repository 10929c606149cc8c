//! The rule of a catalog about a colleague whom others need.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// These are the sentences about a colleague whom others need, such as a medical director.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NeededColleague {
    /// A change has this reason if somebody's colleague comes in with the same plan.
    pub comes_in: String,
    /// A stop says this of a plan that takes a colleague from those who need one.
    pub leaves: String,
    /// A person can do this then.
    pub remedy: String,
    /// This requirement says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}
