//! Texts with a form: names, addresses, dates, prices, shares.

use std::borrow::Cow;
use std::str::FromStr;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::Deserializer;

use crate::model;
use crate::platform::{self, Platform};
use crate::yaml::{Problem, suggest};

/// A text type: how it is read, and its schema.
macro_rules! scalar {
    ($(#[$doc:meta])* $name:ident($inner:ty), $read:expr, $schema:tt) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub(super) struct $name(pub(super) $inner);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <&str>::deserialize(deserializer)?;
                let read: fn(&str) -> Result<$inner, Problem> = $read;
                read(text).map(Self).map_err(Problem::raise)
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

scalar!(
    /// A name of lower-case letters, digits and hyphens; it may become a file name.
    Slug(String),
    |text| if is_slug(text) { Ok(text.to_owned()) } else { Err(Problem::new(format!("`{text}` is no short name"), "use lower-case letters, digits and hyphens, at most 63, a letter or digit first and last")) },
    { "type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$" }
);

scalar!(
    /// An e-mail address.
    Address(model::Email),
    |text| model::Email::parse(text).map_err(|why| Problem::new(format!("`{text}` is no address"), why.to_string())),
    { "type": "string", "pattern": "^[^@\\s]+@[^@\\s]+$" }
);

scalar!(
    /// A calendar date.
    Date(jiff::civil::Date),
    date,
    { "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$" }
);

scalar!(
    /// An IANA time zone.
    TimeZone(String),
    |text| zone(text),
    { "type": "string" }
);

scalar!(
    /// A URL.
    Url(url::Url),
    url,
    { "type": "string", "pattern": "^https?://" }
);

scalar!(
    /// US dollars a month, in cents.
    Price(i64),
    cents,
    { "type": ["number", "string"], "minimum": 0, "pattern": "^\\d+(\\.\\d{1,2})?$" }
);

scalar!(
    /// A share from 0 to 1.
    Share(model::Share),
    share,
    { "type": "number", "minimum": 0, "maximum": 1 }
);

scalar!(
    /// The word of a platform.
    PlatformName(&'static Arc<Platform>),
    |text| platform::named(text).ok_or_else(|| {
        let known: Vec<&str> = platform::built_in().iter().map(|platform| platform.word()).collect();
        Problem::new(format!("`{text}` is no platform"), suggest(text, &known))
    }),
    { "type": "string" }
);

/// Whether a text is a name that may become a file name.
pub(super) fn is_slug(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    plain && (1..=63).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-')
}

fn date(text: &str) -> Result<jiff::civil::Date, Problem> {
    let shaped = text.len() == 10 && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    let date = if shaped { jiff::civil::Date::from_str(text).ok() } else { None };
    date.ok_or_else(|| Problem::new(format!("`{text}` is no date"), "write it as year-month-day, as in `2027-03-01`"))
}

fn zone(text: &str) -> Result<String, Problem> {
    match jiff::tz::TimeZoneDatabase::bundled().get(text) {
        Ok(zone) if zone.iana_name().is_some() => Ok(text.to_owned()),
        _ => Err(Problem::new(format!("`{text}` is no time zone"), "write its IANA name, as in `America/Phoenix`")),
    }
}

fn url(text: &str) -> Result<url::Url, Problem> {
    let hint = "write the base URL, as in `https://roster.example/glow-medspa/scim/v2`";
    let url = url::Url::parse(text).map_err(|why| Problem::new(format!("this is no URL: {why}"), hint))?;
    if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none() {
        return Err(Problem::new("a URL of `http` or `https` is wanted", hint));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Problem::with_secret("the URL holds a user name or password", "take it out: the token goes under `token`"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Problem::new("the URL has a query or a fragment", hint));
    }
    Ok(url)
}

/// Whole and hundredths, as in `49`, `49.5` and `49.00`.
fn cents(text: &str) -> Result<i64, Problem> {
    let wrong = || Problem::new(format!("`{text}` is no price"), "write US dollars, as in `49` or `49.00`");
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |t: &str, most: usize| (1..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 9) || !digits(part, 2) {
        return Err(wrong());
    }
    let whole: i64 = whole.parse().map_err(|_| wrong())?;
    let hundredths: i64 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
    Ok(whole * 100 + hundredths)
}

/// A decimal from 0 to 1 with at most six places, exactly.
fn share(text: &str) -> Result<model::Share, Problem> {
    let wrong = || Problem::new(format!("`{text}` is no share"), "write a number from 0 to 1 with at most six decimals, as in `0.25`");
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    if !matches!(whole, "0" | "1") || !(1..=6).contains(&part.len()) || !part.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let millionths: u32 = format!("{whole}{part:0<6}").parse().map_err(|_| wrong())?;
    if millionths > 1_000_000 {
        return Err(wrong());
    }
    Ok(model::Share::from_millionths(millionths))
}
