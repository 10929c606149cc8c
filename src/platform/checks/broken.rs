//! The questions of the core about a broken rule: its code, whether something is missing, and whether it is the same as another.

use crate::model::{OwnRule, RefusalCause, Rule, Violation};

use crate::platform::naming::Naming;
use crate::platform::rules::{BrokenRule, Lack};
use crate::platform::{Catalog, named};

/// Returns the stable code of a broken rule, in kebab-case.
#[must_use]
pub fn code(violation: &Violation, catalog: &Catalog) -> &'static str {
    match &violation.rule {
        Rule::Required => "required",
        Rule::TooMany { .. } => "too-many",
        Rule::TooLong { .. } => "too-long",
        Rule::Unwritable { .. } => "unwritable",
        Rule::UnknownValue(_) => "unknown-value",
        Rule::UnknownRole(_) => "unknown-role",
        Rule::UnknownClinic(_) => "unknown-clinic",
        Rule::UnknownPrivilege(_) => "unknown-privilege",
        Rule::OtherPlatform => "other-platform",
        Rule::DefaultClinicNotAmong { .. } | Rule::DefaultClinicMissing => "default-clinic",
        Rule::GrantedAndRevoked => "granted-and-revoked",
        Rule::Phone => "phone",
        Rule::Color => "color",
        Rule::Email => "email",
        Rule::Own(own) => own_rule(own, catalog).code(),
    }
}

/// Returns the stable code of a refusal, in kebab-case: that of the rule, if it is about one.
#[must_use]
pub fn refusal_code<'c>(cause: &'c RefusalCause, catalog: &Catalog) -> &'c str {
    cause.code(&|violation| code(violation, catalog))
}

/// Returns whether the same rule is broken in the same place.
#[must_use]
pub fn is_same(one: &Violation, other: &Violation, catalog: &Catalog) -> bool {
    (one.field, &one.entry, code(one, catalog)) == (other.field, &other.entry, code(other, catalog))
}

/// Returns what the account lacks.
#[must_use]
pub fn lack(violation: &Violation, catalog: &Catalog) -> Lack {
    match &violation.rule {
        Rule::Required | Rule::DefaultClinicMissing => Lack::Value,
        Rule::Own(own) => own_rule(own, catalog).lack(),
        Rule::TooMany { .. }
        | Rule::TooLong { .. }
        | Rule::Unwritable { .. }
        | Rule::UnknownValue(_)
        | Rule::UnknownRole(_)
        | Rule::UnknownClinic(_)
        | Rule::UnknownPrivilege(_)
        | Rule::OtherPlatform
        | Rule::DefaultClinicNotAmong { .. }
        | Rule::GrantedAndRevoked
        | Rule::Phone
        | Rule::Color
        | Rule::Email => Lack::Nothing,
    }
}

/// Reads a rule that the platform of a catalog alone has.
pub(in crate::platform) fn own_rule(rule: &OwnRule, catalog: &Catalog) -> Box<dyn BrokenRule> {
    let known = named(&catalog.platform).and_then(|platform| platform.rules.own_rule(rule));
    known.unwrap_or_else(|| Box::new(UnknownRule))
}

/// A rule that the platform does not have, of a damaged plan file.
struct UnknownRule;

impl BrokenRule for UnknownRule {
    fn code(&self) -> &'static str {
        "unknown-rule"
    }

    fn message(&self, violation: &Violation, naming: Naming, catalog: &Catalog) -> String {
        format!("`{}` breaks a rule of {} that this version does not know", naming.of_field(violation.field, catalog), catalog.name)
    }

    fn hint(&self, _: &Violation, _: Naming, _: &Catalog) -> String {
        "plan again with this version".to_owned()
    }
}
