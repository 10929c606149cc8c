//! Reads whole numbers, and says what is wrong with others.

use std::fmt::Display;
use std::str::FromStr;

use crate::yaml::core_type::CoreType;
use crate::yaml::problem::Problem;
use crate::yaml::tree::{NodeKind, NodeRef};

/// The number, if it is a whole one of digits alone, and of this type.
pub(super) fn whole<N: FromStr>(node: NodeRef<'_>) -> Option<N> {
    let plain = node.kind() == NodeKind::Plain && are_digits(unsigned(node)) && !begins_with_zero(unsigned(node));
    plain.then(|| node.text().parse().ok()).flatten()
}

/// Says what is wrong with a number that is not a whole one of at most `most`; a hint, if it is not a number at all. The value itself may be
/// a secret.
pub(super) fn problem(node: NodeRef<'_>, most: impl Display) -> Result<Problem, &'static str> {
    let digits = unsigned(node);
    if node.kind() != NodeKind::Plain || node.core_type() != CoreType::Number {
        let is_quoted = node.is_scalar() && are_digits(digits);
        return Err(if is_quoted { "remove the quotes" } else { "write digits only, such as `40`" });
    }
    let (message, hint) = if !are_digits(digits) {
        ("this is not a whole number", "write digits only, such as `40`: no point, no exponent and no `+`".to_owned())
    } else if begins_with_zero(digits) {
        ("the number begins with a zero", "remove the zeros before the other digits".to_owned())
    } else if node.text().starts_with('-') {
        ("the number is negative", "write 0, or a number above 0".to_owned())
    } else {
        ("the number is too large", format!("write at most {most}"))
    };
    Ok(Problem::new(message, hint))
}

fn unsigned(node: NodeRef<'_>) -> &str {
    node.text().strip_prefix('-').unwrap_or(node.text())
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn begins_with_zero(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0')
}
