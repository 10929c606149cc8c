//! Refuses accounts that the server would not create, since its schema requires something that nobody gives (rule 6 of the core).

use crate::model::{Capabilities, DesiredUser, Field, Fields, RefusalCause, Requirement, Value};

use super::draft::{PlanDraft, user};

/// Refuses a new account that lacks something which the server requires, and returns whether it did.
pub(in crate::reconcile) fn refuses_new(draft: &mut PlanDraft<'_>, wanted: &DesiredUser, fields: &Fields) -> bool {
    let mut is_refused = false;
    for requirement in &draft.actual.capabilities.required {
        match requirement {
            Requirement::Field(field) if fields.get(*field).is_some_and(|value| !value.is_empty()) => continue,
            Requirement::Field(field) => {
                draft.refuse(user(&wanted.email), lacks(*field));
            }
            Requirement::Attribute(name) if is_password(name) && wanted.initial_password.is_some() => continue,
            Requirement::Attribute(name) => draft.lacks_required(name),
        }
        is_refused = true;
    }
    is_refused
}

/// Returns why a value cannot be stored in a field of a user, or be cleared: the server requires one, or has room for one. `None` if it can.
pub(in crate::reconcile) fn unstorable(capabilities: &Capabilities, field: Field, value: &Value) -> Option<RefusalCause> {
    if value.is_empty() {
        return capabilities.required.contains(&Requirement::Field(field)).then(|| lacks(field));
    }
    let is_several = value.texts().len() > 1;
    (is_several && capabilities.single.contains(&field)).then_some(RefusalCause::OneOnServer { field })
}

fn lacks(field: Field) -> RefusalCause {
    let wire = &field.definition().wire;
    let attribute = wire.part.map_or_else(|| wire.attribute.to_owned(), |part| format!("{}.{part}", wire.attribute));
    RefusalCause::RequiredByServer { attribute, field: Some(field), users: 1 }
}

fn is_password(attribute: &str) -> bool {
    attribute.eq_ignore_ascii_case("password")
}
