//! The `PatchOp` message: read leniently, written in the form that most servers take.

use serde_json::{Map, Value, json};

use crate::scim::error::ScimError;
use crate::scim::path::Path;
use crate::scim::urn;
use crate::scim::value::{kind, member, short};

/// Operations of a message at most.
const MOST_OPERATIONS: usize = 1000;

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// Adds values.
    Add,
    /// Replaces values.
    Replace,
    /// Removes values.
    Remove,
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// What it does.
    pub op: Op,
    /// Where.
    pub path: Option<Path>,
    /// With what.
    pub value: Option<Value>,
}

/// A message of operations.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    /// In their order.
    pub operations: Vec<Operation>,
}

impl Op {
    /// The word of the wire, lower case.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Replace => "replace",
            Self::Remove => "remove",
        }
    }

    /// The operation a word names, in any case: one identity provider writes `Replace`.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Add, Self::Replace, Self::Remove].into_iter().find(|op| op.as_str().eq_ignore_ascii_case(word))
    }
}

impl Operation {
    /// Replaces what is at a path; `null` is better said with `remove`.
    #[must_use]
    pub fn replace(path: Path, value: Value) -> Self {
        Self { op: Op::Replace, path: Some(path), value: Some(value) }
    }

    /// Removes what is at a path.
    #[must_use]
    pub fn remove(path: Path) -> Self {
        Self { op: Op::Remove, path: Some(path), value: None }
    }

    fn read(operation: &Value) -> Result<Self, ScimError> {
        let Value::Object(members) = operation else {
            return Err(ScimError::syntax(format!("an operation is an object, not {}", kind(operation))));
        };
        let word = member(members, "op").and_then(Value::as_str).unwrap_or_default();
        let op =
            Op::parse(word).ok_or_else(|| ScimError::syntax(format!("`op` is `add`, `replace` or `remove`, not `{}`", short(word))))?;
        let path = match member(members, "path") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.trim().is_empty() => None,
            Some(Value::String(text)) => Some(Path::parse(text)?),
            Some(other) => return Err(ScimError::path(format!("`path` is a text, not {}", kind(other)))),
        };
        let value = member(members, "value").cloned();
        if value.is_none() && op != Op::Remove {
            return Err(ScimError::value(format!("`{}` needs a `value`", op.as_str())));
        }
        Ok(Self { op, path, value })
    }

    fn to_json(&self) -> Value {
        let mut out = Map::new();
        out.insert("op".to_owned(), json!(self.op.as_str()));
        if let Some(path) = &self.path {
            out.insert("path".to_owned(), json!(path.to_string()));
        }
        if let Some(value) = &self.value {
            out.insert("value".to_owned(), value.clone());
        }
        Value::Object(out)
    }
}

impl Patch {
    /// Reads a message.
    ///
    /// # Errors
    /// `invalidSyntax` where it is no `PatchOp`, has no operations or more than 1000; `invalidPath` and `invalidFilter` for a path.
    pub fn read(message: &Value) -> Result<Self, ScimError> {
        let Value::Object(members) = message else {
            return Err(ScimError::syntax(format!("a PATCH is a JSON object, not {}", kind(message))));
        };
        let is_patch = |id: &Value| id.as_str().is_some_and(|id| id.eq_ignore_ascii_case(urn::PATCH_OP));
        if !member(members, "schemas").and_then(Value::as_array).is_some_and(|ids| ids.iter().any(is_patch)) {
            return Err(ScimError::syntax(format!("`schemas` must list `{}`", urn::PATCH_OP)));
        }
        let Some(Value::Array(operations)) = member(members, "Operations") else {
            return Err(ScimError::syntax("`Operations` is missing: it is an array"));
        };
        if operations.is_empty() {
            return Err(ScimError::syntax("`Operations` is empty"));
        }
        if operations.len() > MOST_OPERATIONS {
            return Err(ScimError::syntax(format!("more than {MOST_OPERATIONS} operations: send fewer at a time")));
        }
        Ok(Self { operations: operations.iter().map(Operation::read).collect::<Result<_, _>>()? })
    }

    /// The message.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "schemas": [urn::PATCH_OP], "Operations": self.operations.iter().map(Operation::to_json).collect::<Vec<_>>() })
    }

    /// The same as one path-less `replace`, the form that servers without paths take; `None` where a path has a filter.
    ///
    /// What is removed stands there as `null`.
    #[must_use]
    pub fn to_pathless(&self) -> Option<Value> {
        let mut value = Map::new();
        for operation in &self.operations {
            let path = operation.path.as_ref().filter(|p| p.filter.is_none())?;
            let leaf = operation.value.clone().unwrap_or(Value::Null);
            let holder = match &path.attr.schema {
                None => &mut value,
                Some(schema) => object_at(&mut value, schema)?,
            };
            match &path.attr.sub {
                None => holder.insert(path.attr.name.clone(), leaf),
                Some(sub) => object_at(holder, &path.attr.name)?.insert(sub.clone(), leaf),
            };
        }
        Some(json!({ "schemas": [urn::PATCH_OP], "Operations": [{ "op": "replace", "value": value }] }))
    }
}

fn object_at<'a>(holder: &'a mut Map<String, Value>, name: &str) -> Option<&'a mut Map<String, Value>> {
    holder.entry(name).or_insert_with(|| Value::Object(Map::new())).as_object_mut()
}
