//! Says what a scalar without quotes is to every reader of YAML 1.2 (10.3, the core schema).

/// The type of a scalar without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::yaml) enum CoreType {
    /// `null`, `~`, or nothing at all.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number, whole or not.
    Number,
    /// Anything else.
    Text,
}

impl CoreType {
    /// Returns whether it is `true` or `false`.
    pub(in crate::yaml) const fn is_flag(self) -> bool {
        match self {
            Self::Flag(_) => true,
            Self::Null | Self::Number | Self::Text => false,
        }
    }

    /// Returns what a text without quotes is.
    pub(in crate::yaml) fn parse(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Self::Null,
            "true" | "True" | "TRUE" => Self::Flag(true),
            "false" | "False" | "FALSE" => Self::Flag(false),
            _ if may_begin_number(text) && is_number(text) => Self::Number,
            _ => Self::Text,
        }
    }
}

/// Returns whether a text begins as a number does: hardly any other does.
fn may_begin_number(text: &str) -> bool {
    text.bytes().next().is_some_and(|first| matches!(first, b'-' | b'+' | b'.' | b'0'..=b'9'))
}

fn is_number(text: &str) -> bool {
    let of = |prefix: &str, is_digit: fn(char) -> bool| {
        text.strip_prefix(prefix).is_some_and(|digits| !digits.is_empty() && digits.chars().all(is_digit))
    };
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF")
        || matches!(text, ".nan" | ".NaN" | ".NAN")
        || of("0o", |c| c.is_digit(8))
        || of("0x", |c| c.is_ascii_hexdigit())
        || is_decimal(unsigned)
}

/// Returns whether a text is digits with at most one point and at most one exponent.
fn is_decimal(text: &str) -> bool {
    let are_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    let (number, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(number, exponent)| (number, Some(exponent)));
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let has_exponent = exponent.is_none_or(|exponent| {
        let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !digits.is_empty() && are_digits(digits)
    });
    has_exponent && are_digits(whole) && are_digits(part) && !(whole.is_empty() && part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::CoreType;

    #[test]
    fn a_scalar_without_quotes_is_what_the_core_schema_says() {
        for text in ["0", "-7", "+16025550177", "007", "1.", ".5", "1e3", "1.5E-3", "0x1F", "0o17", "-.inf", ".nan"] {
            assert_eq!(CoreType::parse(text), CoreType::Number, "{text}");
        }
        for text in ["", "~", "Null"] {
            assert_eq!(CoreType::parse(text), CoreType::Null, "{text}");
        }
        assert_eq!([CoreType::parse("True"), CoreType::parse("FALSE")], [CoreType::Flag(true), CoreType::Flag(false)]);
        for text in ["yes", "1.2.3", "e3", "1e", ".", "+", "0x", "0o8", "1_000", "2027-03-01", "12:30", "tRUE", "+.nan", "-0x1F", "1 2"] {
            assert_eq!(CoreType::parse(text), CoreType::Text, "{text}");
        }
    }
}
