//! Texts with a format: names, addresses, dates, prices, shares.

use std::borrow::Cow;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::Deserializer;

use crate::model;
use crate::platform::{is_key, sentences};
use crate::yaml::{AsWritten, Problem, is_seen, one_of};

/// Says how to name the platform of a workspace.
pub(super) fn add_platform(names: &[&str]) -> String {
    format!("add `platform: NAME`, where NAME is {}", one_of(names))
}

/// Says that a text cannot be a key.
pub(super) fn invalid_name(text: &str) -> String {
    format!("`{text}` is not a valid name")
}

/// The pattern of a visible character, for JSON Schemas.
pub(super) const VISIBLE: &str = concat!(
    r"[^\s\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f",
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
);

/// The pattern of a name that can be used as a file name, for JSON Schemas.
pub(super) fn slug() -> String {
    format!("^[a-z0-9]([a-z0-9-]{{0,{}}}[a-z0-9])?$", crate::platform::LONGEST_KEY - 2)
}

/// The pattern of a text of one line, or of several, in which people can see something, for JSON Schemas.
pub(super) fn text_pattern(several_lines: bool) -> String {
    let any = if several_lines { LINES } else { LINE };
    format!(r"^\s*{any}*{VISIBLE}{any}*\s*$")
}

/// A character of a text of one line. Whether a joiner joins anything is not checked here.
const LINE: &str = r"[^\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]";

/// A character of a text of several lines.
const LINES: &str =
    r"[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb]";

/// The pattern of a text of several lines, for JSON Schemas.
pub(super) fn lines_pattern() -> String {
    format!("^{LINES}*$")
}

/// The pattern of an address, for JSON Schemas.
pub(super) fn address_pattern() -> String {
    format!("^{VISIBLE}+@{VISIBLE}+$").replace(r"[^\s", r"[^@\s")
}

/// The pattern of an id, for JSON Schemas.
pub(super) fn id_pattern() -> String {
    format!("^{VISIBLE}(({VISIBLE}| )*{VISIBLE})?$")
}

/// Describes an id, or a key that a roster refers to, that people could not compare by eye; `None` if they can.
pub(super) fn unfit_id(text: &str, what: &str) -> Option<Problem> {
    let whole = text.trim();
    if whole.is_empty() {
        Some(Problem::new(format!("this {what} is empty"), format!("write the {what} as the workspace shows it, or remove it")))
    } else if whole.len() < text.len() {
        Some(Problem::new(format!("the {what} `{text}` begins or ends with a blank"), format!("write `{whole}`")))
    } else {
        let odd = text.chars().find(|c| *c != ' ' && !is_seen(c.encode_utf8(&mut [0; 4])))?;
        Some(Problem::new(format!("this {what} contains {}", sentences::named(odd)), "remove it"))
    }
}

/// Describes a text without a visible character (`key` is the key in YAML); `None` if it has one.
pub(super) fn unseen(text: &str, key: &str, remedy: &str) -> Option<Problem> {
    if is_seen(text) {
        return None;
    }
    let message = if text.trim().is_empty() { format!("`{key}` is empty") } else { format!("`{key}` contains only invisible characters") };
    Some(Problem::new(message, remedy))
}

/// A text type of documents: how it is read, and its schema.
macro_rules! scalar {
    ($(#[$doc:meta])* $name:ident($inner:ty), $read:expr, $schema:tt) => {
        $crate::manifest::scalars::scalar!($(#[$doc])* $name($inner) of &str, $read, $schema);
    };
    ($(#[$doc:meta])* $name:ident($inner:ty) of $text:ty, $read:expr, $schema:tt) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub(in crate::manifest) struct $name(pub(in crate::manifest) $inner);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <$text>::deserialize(deserializer)?;
                let read: fn(&str) -> Result<$inner, Problem> = $read;
                read(text.as_ref()).map(Self).map_err(Problem::raise)
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
pub(super) use scalar;

scalar!(
    /// A name of lower-case letters, digits and hyphens; it can be used as a file name.
    Slug(String),
    |text| if is_key(text) { Ok(text.to_owned()) } else { Err(Problem::new(invalid_name(text), format!("use {}; begin and end with a letter or digit", sentences::key_form()))) },
    { "type": "string", "pattern": slug() }
);

scalar!(
    /// An id that a workspace gave, or a key that a roster refers to: any text without blanks around it.
    Id(String) of AsWritten,
    |text| unfit_id(text, "id").map_or_else(|| Ok(text.to_owned()), Err),
    { "type": ["string", "number"], "pattern": id_pattern() }
);

scalar!(
    /// The key of a record.
    RecordKey(String),
    |text| unfit_id(text, "id").map_or_else(|| Ok(text.to_owned()), Err),
    { "type": "string", "pattern": id_pattern() }
);

scalar!(
    /// An e-mail address.
    Address(model::Email),
    |text| model::Email::parse(text).map_err(|why| Problem::new(format!("`{text}` is not an e-mail address"), address_hint(text, &why))),
    { "type": "string", "pattern": address_pattern() }
);

/// Says what to write instead of a text that is not an address: the address in it, where mail programs put a name before it.
pub(super) fn address_hint(text: &str, why: &model::InvalidEmail) -> String {
    let inner = text.trim_end().strip_suffix('>').and_then(|text| text.rsplit_once('<')).map(|(_, inner)| inner.trim());
    match inner.filter(|inner| model::Email::parse(inner).is_ok()) {
        Some(inner) => format!("write only the address: `{inner}`"),
        None => why.remedy(),
    }
}

scalar!(
    /// A calendar date.
    Date(jiff::civil::Date),
    date,
    {
        "type": "string",
        "pattern": "^\\d{4}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|[12]\\d))$"
    }
);

scalar!(
    /// An IANA time zone.
    TimeZone(String),
    |text| zone(text),
    { "type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_+/-]*$" }
);

scalar!(
    /// A country whose national phone numbers can be read.
    CountryName(model::Country),
    country,
    { "type": "string", "pattern": "^[A-Z]{2}$" }
);

scalar!(
    /// A URL.
    Url(url::Url),
    url,
    {
        "type": "string",
        "pattern": "^\\s*([Hh][Tt][Tt][Pp][Ss]://[^/?#@\\s]+|[Hh][Tt][Tt][Pp]://(localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1\\])(:\\d+)?)(/[^?#]*)?$"
    }
);

scalar!(
    /// US dollars a month, in cents.
    Price(i64) of AsWritten,
    cents,
    { "type": ["number", "string"], "minimum": 0, "pattern": "^\\d+(\\.\\d{1,2})?$" }
);

scalar!(
    /// A share from 0 to 1.
    Share(model::Share) of AsWritten,
    share,
    { "type": ["number", "string"], "minimum": 0, "maximum": 1, "pattern": "^(0(\\.\\d{1,6})?|1(\\.0{1,6})?)$" }
);

scalar!(
    /// The text that somebody signs in with: an address or a user name.
    LoginText(model::LoginName),
    |text| model::LoginName::parse(text).map_err(|why| Problem::new(format!("`{text}` is not a login"), why.to_string())),
    { "type": "string" }
);

scalar!(
    /// A time with its offset.
    Time(model::Moment),
    |text| text.parse::<model::Moment>().map_err(|why| Problem::new(format!("`{text}` is not a time"), why.to_string())),
    { "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}" }
);

scalar!(
    /// A day, which begins at midnight UTC, or a time with its offset.
    DayOrTime(model::Moment) of AsWritten,
    day_or_time,
    { "type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}([T ]\\d{2}:\\d{2}.*)?$" }
);

fn day_or_time(text: &str) -> Result<model::Moment, Problem> {
    let wrong = || {
        let hint = "write year, month and day, such as `2027-03-01`, or also time and offset, such as `2027-03-01T17:05:00Z`";
        // Somebody may take it for the place of a secret.
        Problem::with_secret("this is not a day or a time", hint)
    };
    date(text).ok().and_then(model::Moment::of_day).or_else(|| text.parse().ok()).ok_or_else(wrong)
}

scalar!(
    /// A number of days or hours, in milliseconds.
    Age(i64),
    age,
    { "type": "string", "pattern": "^[1-9]\\d{0,4}[dh]$" }
);

fn age(text: &str) -> Result<i64, Problem> {
    let wrong = || Problem::new(format!("`{text}` is not a number of days"), "write days or hours, such as `7d` or `36h`");
    let (digits, unit) = text
        .strip_suffix('d')
        .map(|days| (days, model::DAY))
        .or(text.strip_suffix('h').map(|hours| (hours, model::HOUR)))
        .ok_or_else(wrong)?;
    let is_number = (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    let number: i64 = if is_number { digits.parse().map_err(|_| wrong())? } else { return Err(wrong()) };
    Ok(number * unit)
}

fn date(text: &str) -> Result<jiff::civil::Date, Problem> {
    let shaped = text.len() == 10 && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    let date = if shaped { jiff::civil::Date::from_str(text).ok() } else { None };
    date.ok_or_else(|| Problem::new(format!("`{text}` is not a date"), "write year, month and day, such as `2027-03-01`"))
}

fn country(text: &str) -> Result<model::Country, Problem> {
    model::Country::named(text).ok_or_else(|| {
        let capitals = text.to_ascii_uppercase();
        let meant = if capitals == "UK" { "GB" } else { &capitals };
        let hint = match model::Country::named(meant) {
            Some(country) => format!("write `{}`", country.letters()),
            None if text.len() == 2 => "remove `country`, and write phone numbers with `+` and the country code".to_owned(),
            None => "write the two letters of ISO 3166-1, such as `US`".to_owned(),
        };
        Problem::new(format!("`{text}` is not a country whose phone numbers can be read"), hint)
    })
}

fn zone(text: &str) -> Result<String, Problem> {
    match jiff::tz::TimeZoneDatabase::bundled().get(text) {
        Ok(zone) if zone.iana_name().is_some() => Ok(text.to_owned()),
        _ => Err(Problem::new(format!("`{text}` is not a time zone"), "write an IANA name, such as `America/Phoenix`")),
    }
}

/// Returns the base URL of a workspace, as an example.
pub(super) fn example_address() -> String {
    model::scim_address("https://roster.example", "glow-medspa")
}

/// Reads the base URL of a server.
fn url(text: &str) -> Result<url::Url, Problem> {
    let (hint, in_plain_text) = (
        format!("write the base URL, such as `{}`", example_address()),
        "the connection would not be encrypted, and the token would be sent in plain text",
    );
    plain_url(text, &hint, "remove it, and write where to find the token under `token`", in_plain_text)
}

/// Reads a URL that has nothing but an address and a path, and that nobody on the network can read along. If it has a part in which
/// secrets are kept, no mistake shows it.
pub(super) fn plain_url(text: &str, hint: &str, instead: &str, in_plain_text: &str) -> Result<url::Url, Problem> {
    let read = || {
        let url = url::Url::parse(text).map_err(|why| Problem::new(format!("this is not a URL: {why}"), hint))?;
        if !matches!(url.scheme(), "https" | "http") || url.host_str().is_none() {
            return Err(Problem::new("the URL must begin with `https://` or `http://`", hint));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Problem::new("the URL contains a user name or password", instead));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(Problem::new("the URL contains a query or a fragment", instead));
        }
        if url.scheme() == "http" && !model::is_loopback(&url) {
            return Err(Problem::new(in_plain_text, "write `https://`; `http://` is allowed only for a server on this machine"));
        }
        Ok(url)
    };
    read().map_err(|problem| if text.contains(['?', '#', '@']) { problem.hidden() } else { problem })
}

/// Parses dollars and cents, such as `49`, `49.5` and `49.00`.
fn cents(text: &str) -> Result<i64, Problem> {
    let wrong = || Problem::new(format!("`{text}` is not a price"), "write an amount in US dollars, such as `49` or `49.00`");
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |t: &str, most: usize| (1..=most).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 9) || !digits(part, 2) {
        return Err(wrong());
    }
    let whole: i64 = whole.parse().map_err(|_| wrong())?;
    let hundredths: i64 = format!("{part:0<2}").parse().map_err(|_| wrong())?;
    Ok(whole * 100 + hundredths)
}

/// Parses a decimal from 0 to 1 with at most six places, exactly.
fn share(text: &str) -> Result<model::Share, Problem> {
    let wrong = || Problem::new(format!("`{text}` is not a share"), "write a number from 0 to 1 with at most six decimals, such as `0.25`");
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
