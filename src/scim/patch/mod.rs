//! Applies PATCH (RFC 7644 section 3.5.2): all operations or none.
//!
//! Where known engines disagree, this one works as follows. A filter that matches nothing creates a value on `add` and is `noTarget` on
//! `replace`. A `replace` without a path merges. `null` and `[]` unassign. A new primary value replaces the old one. `"True"` and `"False"`
//! are booleans. Names are compared in any case. A required attribute cannot be removed.

use crate::scim::own;
mod elements;
mod message;
mod parts;
mod target;

use std::collections::BTreeSet;

use serde_json::Value;

use super::error::ScimError;
use super::path::{Path, PathTarget};
use super::schema::{Mutability, ResourceType};
use super::validate;
use super::value::member;

pub use message::{Op, Operation, Patch};

/// The result of a PATCH.
#[derive(Clone, Debug, PartialEq)]
pub struct Patched {
    /// The resource afterward, in canonical form; the given one if nothing changed.
    pub resource: Value,
    /// Says whether anything changed. If not, `meta` must stay as it is.
    pub changed: bool,
    /// The canonical names of the attributes that operations wrote, changed or not; those of an extension as `URN:name`.
    pub written: BTreeSet<String>,
}

/// Applies a `PatchOp` message to a whole resource in canonical form. Read-only attributes never change.
///
/// Write-only attributes (`password`, `sendInvitation`) that were set are in the result, for the server to remove.
///
/// # Errors
/// Returns `invalidSyntax` for a malformed message, and `invalidPath`, `noTarget`, `mutability` and `invalidValue` as the RFC defines them.
pub fn apply(message: &Value, resource: &Value, of: &ResourceType) -> Result<Patched, ScimError> {
    let patch = Patch::read(message)?;
    let mut work = PatchedSoFar { resource: resource.clone(), written: BTreeSet::new() };
    for operation in &patch.operations {
        one(operation, &mut work, of)?;
    }
    let PatchedSoFar { resource: work, written } = work;
    let after = validate::stored(&work, of)?;
    let before = validate::stored(resource, of).unwrap_or_else(|_| resource.clone());
    if after == before {
        return Ok(Patched { resource: resource.clone(), changed: false, written });
    }
    Ok(Patched { resource: after, changed: true, written })
}

/// A resource while the operations are applied.
struct PatchedSoFar {
    resource: Value,
    written: BTreeSet<String>,
}

impl PatchedSoFar {
    fn note(&mut self, extension: Option<&str>, attribute: &str) {
        self.written.insert(extension.map_or_else(|| attribute.to_owned(), |id| format!("{id}:{attribute}")));
    }
}

fn one(operation: &Operation, work: &mut PatchedSoFar, of: &ResourceType) -> Result<(), ScimError> {
    match (&operation.path, operation.op) {
        (Some(path), op) => at_path(op, path, operation.value.as_ref(), work, of),
        (None, Op::Remove) => Err(ScimError::with_type(super::ScimType::NoTarget, "`remove` needs a `path` that says what to remove")),
        (None, op @ (Op::Add | Op::Replace)) => pathless(op, operation.value.as_ref(), work, of),
    }
}

fn at_path(op: Op, path: &Path, value: Option<&Value>, work: &mut PatchedSoFar, of: &ResourceType) -> Result<(), ScimError> {
    match path.resolve(of)? {
        PathTarget::Attribute { resolved, filter } => {
            work.note(resolved.extension, &resolved.attribute.name);
            target::act(op, &resolved, filter, value, &mut work.resource)
        }
        PathTarget::Extension(extension) => {
            let is_null = value.is_some_and(Value::is_null);
            let clears = match op {
                Op::Remove => true,
                Op::Replace => is_null,
                Op::Add => false,
            };
            if clears {
                for attribute in extension.attributes.iter().filter(|a| a.mutability != Mutability::ReadOnly) {
                    work.note(Some(&extension.id), &attribute.name);
                }
                return target::clear_extension(extension, &mut work.resource);
            }
            if is_null {
                return Ok(());
            }
            let Some(Value::Object(parts)) = value else {
                return Err(ScimError::value(own!("the value of `{}` must be an object", extension.id)));
            };
            for (key, value) in parts {
                member_of(op, &format!("{}:{key}", extension.id), value, work, of)?;
            }
            Ok(())
        }
    }
}

/// Applies an operation without a path. Its value is part of a resource; names can have dots or a URN, or be whole paths.
fn pathless(op: Op, value: Option<&Value>, work: &mut PatchedSoFar, of: &ResourceType) -> Result<(), ScimError> {
    let Some(Value::Object(members)) = value else {
        return Err(ScimError::value(own!("`{}` without `path` needs an object of attributes as its value", op.as_str())));
    };
    for (key, value) in members {
        if key.eq_ignore_ascii_case("schemas") || key.eq_ignore_ascii_case("meta") {
            continue;
        }
        member_of(op, key, value, work, of)?;
    }
    Ok(())
}

fn member_of(op: Op, key: &str, value: &Value, work: &mut PatchedSoFar, of: &ResourceType) -> Result<(), ScimError> {
    let path = Path::parse(key).map_err(|why| ScimError::syntax(why.detail))?;
    let resolved = path.resolve(of).map_err(|why| ScimError::syntax(why.detail))?;
    if let PathTarget::Attribute { resolved, .. } = &resolved
        && resolved.attribute.mutability == Mutability::ReadOnly
        && resolved.extension.is_none()
        && resolved.sub.is_none()
        && work.resource.as_object().and_then(|r| member(r, &resolved.attribute.name)) == Some(value)
    {
        // Some clients send the whole resource back; an unchanged read-only attribute does no harm.
        return Ok(());
    }
    at_path(op, &path, Some(value), work, of)
}
