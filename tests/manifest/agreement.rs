//! Schema and program agree about every value of every key, on every platform: YAML 1.2 says what a value without quotes is.

use rosterctl::manifest::{Mistake, Mistakes, read, schema};
use rosterctl::yaml::{SecretWords, to_json};
use serde_json::Value;

use crate::samples::sources;
use crate::schemas::objections_to;

/// Values that people write, and slips.
const VALUES: [&str; 35] = [
    "null",
    "~",
    "Null",
    "\"\"",
    "\" \"",
    "\"u9 \"",
    "\" kim@x.example\"",
    "\"u\\u200b9\"",
    "NULL",
    "\"0\"",
    "0",
    "7",
    "1e3",
    "0x1F",
    ".5",
    "-1",
    "true",
    "True",
    "FALSE",
    "\"true\"",
    "yes",
    "[]",
    "{}",
    "[0]",
    "[true]",
    "[~]",
    "[NULL]",
    "{ x: Null }",
    "[\"\"]",
    "{ x: 1 }",
    "+16025550177",
    "16025550177",
    "\"(602) 555-0177\"",
    "2027-03-01",
    "12:30",
];

/// Mistakes that no schema can see, each with the end of its key: a name or a file is somewhere else, or is in a list of others.
const UNSEEN: [(&str, &str); 7] = [
    ("clinics", "unknown-clinic"),
    ("default_clinic", "default-clinic"),
    ("role", "unknown-role"),
    ("based_on", "unknown-role"),
    ("phones", "phone"),
    ("time_zone", "value"),
    ("start", "start"),
];

/// Values that are `null` or a number in another notation, which a schema does not see, and the codes of the mistakes about that.
const NOTATIONS: [&str; 6] = ["~", "Null", "NULL", "1e3", "0x1F", ".5"];
const NOTATION: [&str; 3] = ["no-value", "wrong-type", "value"];

/// A workspace of a platform: what is around its users, and a user who has what is required.
struct Sample {
    platform: &'static str,
    around: &'static [(&'static str, &'static str)],
    user: &'static [(&'static str, &'static str)],
}

const SAMPLES: [Sample; 4] = [
    Sample {
        platform: "aesthetic-record",
        around: &[("clinics", "{ downtown: { name: Downtown } }"), ("main_admin", "ada@x.example")],
        user: &[
            ("first_name", "Kim"),
            ("last_name", "Park"),
            ("role", "administrator"),
            ("clinics", "[downtown]"),
            ("phones", "[\"+16025550100\"]"),
            ("provider.md_consent", "false"),
        ],
    },
    Sample {
        platform: "practice-by-numbers",
        around: &[("main_admin", "ada@x.example")],
        user: &[("first_name", "Kim"), ("last_name", "Park"), ("role", "owner")],
    },
    Sample {
        platform: "telus-chr",
        around: &[("main_admin", "ada@x.example")],
        user: &[("first_name", "Kim"), ("last_name", "Park"), ("type", "practitioner"), ("needs", "[schedule]")],
    },
    Sample { platform: "generic", around: &[("main_admin", "ada@x.example")], user: &[("first_name", "Kim"), ("last_name", "Park")] },
];

/// Keys around the users.
const AROUND: [&str; 22] = [
    "workspace",
    "time_zone",
    "country",
    "main_admin",
    "manage",
    "initial_password",
    "code_word",
    "code_word.env",
    "connection.embedded.path",
    "connection.embedded.start",
    "subscription.plan",
    "subscription.billing",
    "subscription.next_billing",
    "guards.removals.count",
    "guards.removals.share",
    "guards.administrators.at_least",
    "clinics.uptown",
    "clinics.uptown.name",
    "roles.lead",
    "roles.lead.name",
    "roles.lead.based_on",
    "list.columns",
];

/// A waiver and an employee record, with one value to be tried.
const ENTRIES: [(&str, &[(&str, &str)]); 2] = [
    ("waivers", &[("guard", "removals"), ("plan", "\"7f3c9ae10b52\""), ("reason", "closing"), ("until", "2027-03-01")]),
    ("employees", &[("id", "kim-park"), ("first_name", "Kim"), ("last_name", "Park"), ("active", "true"), ("external", "false")]),
];

/// Sets the value of a key, whose parts have dots between them.
fn set(entries: &mut Vec<(String, Tree)>, key: &str, value: &str) {
    let (first, rest) = key.split_once('.').map_or((key, None), |(first, rest)| (first, Some(rest)));
    let at = entries.iter().position(|(name, _)| name == first).unwrap_or_else(|| {
        entries.push((first.to_owned(), Tree::Map(Vec::new())));
        entries.len() - 1
    });
    match (&mut entries[at].1, rest) {
        (Tree::Map(inner), Some(rest)) => set(inner, rest, value),
        (other, Some(rest)) => {
            let mut inner = Vec::new();
            set(&mut inner, rest, value);
            *other = Tree::Map(inner);
        }
        (other, None) => *other = Tree::Text(value.to_owned()),
    }
}

/// A map, or the text of any value.
enum Tree {
    Map(Vec<(String, Tree)>),
    Text(String),
}

fn flow(entries: &[(String, Tree)]) -> String {
    let entry = |(key, value): &(String, Tree)| match value {
        Tree::Map(inner) => format!("{key}: {}", flow(inner)),
        Tree::Text(text) => format!("{key}: {text}"),
    };
    format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
}

impl Sample {
    /// The document of the sample, with a user and other keys.
    fn document(&self, user: &[(String, Tree)], more: &[(&str, &str)]) -> String {
        let mut all = Vec::new();
        for (key, value) in [("workspace", "x"), ("platform", self.platform), ("connection", "{ embedded: {} }")] {
            set(&mut all, key, value);
        }
        for (key, value) in self.around.iter().chain(more) {
            set(&mut all, key, value);
        }
        set(&mut all, "users", &format!("{{ ada@x.example: {}, kim@x.example: {} }}", flow(&self.user()), flow(user)));
        flow(&all) + "\n"
    }

    fn user(&self) -> Vec<(String, Tree)> {
        let mut user = Vec::new();
        for (key, value) in self.user {
            set(&mut user, key, value);
        }
        user
    }

    /// Every key that a user of the platform can have, with the keys of maps inside.
    fn keys(&self, schema: &Value) -> Vec<String> {
        let mut keys = Vec::new();
        let user = &schema["$defs"][format!("user-of-{}", self.platform)];
        collect(schema, user, "", &mut keys);
        keys
    }
}

fn collect(schema: &Value, map: &Value, above: &str, keys: &mut Vec<String>) {
    for (key, property) in map["properties"].as_object().into_iter().flatten() {
        if property == &Value::Bool(false) {
            continue;
        }
        let whole = format!("{above}{key}");
        let text = property.to_string();
        keys.push(whole.clone());
        let inside = text.split("#/$defs/").nth(1).and_then(|rest| rest.split('"').next());
        if let Some(inside) = inside.filter(|name| name.ends_with("Entry")) {
            collect(schema, &schema["$defs"][inside], &format!("{whole}."), keys);
        }
    }
}

fn is_unseen(key: &str, value: &str, code: &str) -> bool {
    UNSEEN.iter().any(|(end, unseen)| key.rsplit('.').next() == Some(*end) && *unseen == code)
        || (NOTATIONS.contains(&value) && NOTATION.contains(&code))
}

/// Says what is wrong with a document; `None` if schema and program agree about it.
fn disagreement(document: &str, key: &str, value: &str) -> Option<String> {
    let json = to_json(document.as_bytes(), SecretWords::NONE).unwrap_or_else(|mistakes| panic!("{document}: {mistakes}"));
    let objections = objections_to(&json).expect("a workspace");
    let mistakes = read(&sources(&[("x.yaml", document)])).err();
    let codes: Vec<&str> = mistakes.iter().flat_map(Mistakes::iter).map(Mistake::code).collect();
    match (objections.is_empty(), codes.is_empty()) {
        (false, true) => Some(format!("only the schema objects: {objections:?}")),
        (true, false) if !codes.iter().all(|code| is_unseen(key, value, code)) => Some(format!(
            "only the program objects: {codes:?}: {}",
            mistakes.map(|all| all.iter().next().expect("one").message().to_owned())?
        )),
        (true | false, true | false) => None,
    }
}

#[test]
fn schema_and_program_agree_about_every_value_of_every_key() {
    let schema = schema::workspace();
    let (mut wrong, mut tried) = (Vec::new(), 0);
    let mut check = |platform: &str, key: &str, value: &str, document: &str| {
        tried += 1;
        wrong.extend(disagreement(document, key, value).map(|why| format!("{platform} {key}: {value}: {why}")));
    };
    for sample in &SAMPLES {
        let plain = sample.document(&sample.user(), &[]);
        assert_eq!(disagreement(&plain, "", ""), None, "{plain}");
        assert!(read(&sources(&[("x.yaml", &plain)])).is_ok(), "{plain}: {:?}", read(&sources(&[("x.yaml", &plain)])).err());
        for key in sample.keys(&schema) {
            for value in VALUES {
                let mut user = sample.user();
                set(&mut user, &key, value);
                check(sample.platform, &key, value, &sample.document(&user, &[]));
            }
        }
    }
    let sample = &SAMPLES[1];
    for key in AROUND {
        for value in VALUES {
            check("", key, value, &sample.document(&sample.user(), &[(key, value)]));
        }
    }
    for (list, entry) in ENTRIES {
        for (key, _) in entry {
            for value in VALUES {
                let mut one = Vec::new();
                for (other, usual) in entry {
                    set(&mut one, other, if other == key { value } else { usual });
                }
                check(list, key, value, &sample.document(&sample.user(), &[(list, &format!("[{}]", flow(&one)))]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried}\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 2000, "{tried}");
}

/// Keys that people choose, right and wrong.
const KEYS: [&str; 14] = [
    "up",
    "7",
    "\"\"",
    "\" \"",
    "\"up \"",
    "\" up\"",
    "\"u\\u200bp\"",
    "\"u\\ufe0fp\"",
    "Up Town",
    "kim@y.example",
    "\" kim@y.example\"",
    "\"kim@y.example \"",
    "KIM+tag@y.example",
    "kim@b\u{fc}ro.example",
];

#[test]
fn schema_and_program_agree_about_every_key_that_people_choose() {
    let mut wrong = Vec::new();
    let mut refused = 0;
    for sample in &SAMPLES {
        let usual = flow(&sample.user());
        for (table, entry) in [("clinics", "{ name: Up }"), ("roles", "{ name: Up }"), ("users", usual.as_str())] {
            let has = sample.document(&sample.user(), &[(table, &format!("{{ downtown: {entry} }}"))]);
            let is_here = table == "users" || disagreement(&has, table, "").is_none() && read(&sources(&[("x.yaml", &has)])).is_ok();
            for key in KEYS.iter().filter(|_| is_here) {
                let plain = sample.document(&sample.user(), &[]);
                let document = match table {
                    "users" => plain.replace("kim@x.example", key),
                    _ => sample.document(&sample.user(), &[(table, &format!("{{ downtown: {entry}, {key}: {entry} }}"))]),
                };
                refused += usize::from(read(&sources(&[("x.yaml", &document)])).is_err());
                wrong.extend(disagreement(&document, table, key).map(|why| format!("{} {table}: {key}: {why}", sample.platform)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(refused > 40, "{refused}");
}

// Only a written `null`, `[]` or `{}` clears a field.
#[test]
fn every_other_spelling_of_null_is_a_mistake_at_every_key() {
    let schema = schema::workspace();
    let mut wrong = Vec::new();
    for sample in &SAMPLES {
        for key in sample.keys(&schema) {
            let document = |value: &str| {
                let mut user = sample.user();
                set(&mut user, &key, value);
                sample.document(&user, &[])
            };
            let word = key.rsplit('.').next().unwrap_or(&key);
            let clears = read(&sources(&[("x.yaml", &document("null"))])).is_ok();
            for value in ["~", "Null", "NULL"] {
                let said = read(&sources(&[("x.yaml", &document(value))])).err().map(|all| all.render("here", false)).unwrap_or_default();
                let is_told = said.contains(&format!("`{value}`")) && (value == "~" || said.contains(&format!("{word}: \"{value}\"")));
                if said.is_empty() || clears && !is_told {
                    wrong.push(format!("{} {key}: {value}: {said}", sample.platform));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
