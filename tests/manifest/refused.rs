//! The errors in a roster by the requirements: the mistake, whom it names, and where it is.

use rosterctl::manifest::read;

use crate::samples::sources;

const AESTHETIC_RECORD: &str = "\
workspace: w
platform: aesthetic-record
connection: { embedded: {} }
main_admin: ada@x.example
clinics: { one: { name: One } }
users:
  ada@x.example: { first_name: Ada, last_name: Bell, role: administrator, clinics: [one], phones: [\"+1 602 555 0100\"] }
";
const PRACTICE_BY_NUMBERS: &str = "\
workspace: w
platform: practice-by-numbers
connection: { embedded: {} }
main_admin: ada@x.example
users:
  ada@x.example: { first_name: Ada, last_name: Bell, role: owner }
";
const TELUS_CHR: &str = "\
workspace: w
platform: telus-chr
connection: { embedded: {} }
main_admin: ada@x.example
users:
  ada@x.example: { first_name: Ada, last_name: Bell, type: practitioner, two_factor: true }
";

/// A mistake: its code, what it says, and the line and column of its place.
type Said = (String, String, (u32, u32));

/// The mistakes of a roster of one file.
fn mistakes(text: &str) -> Vec<Said> {
    let Err(mistakes) = read(&sources(&[("w.yaml", text)])) else { return Vec::new() };
    mistakes.iter().map(|said| (said.code().to_owned(), said.message().to_owned(), (said.line(), said.column()))).collect()
}

/// The line and column, from 1, at which a part of a text begins.
fn place(text: &str, part: &str) -> (u32, u32) {
    let at = text.rfind(part).unwrap_or_else(|| panic!("`{part}` is not in the roster"));
    let (line, column) = (text[..at].matches('\n').count(), text[..at].rsplit('\n').next().map_or(0, |before| before.chars().count()));
    (u32::try_from(line + 1).expect("a line"), u32::try_from(column + 1).expect("a column"))
}

/// Adds a key to the entry of the main admin, which is the last line.
fn with(roster: &str, key: &str) -> String {
    format!("{}, {key} }}\n", roster.strip_suffix(" }\n").expect("the entry is the last line"))
}

// a feature of another platform is an error that names both this platform and those that have it.
#[test]
fn a_feature_of_another_platform_is_a_mistake_that_names_the_platform() {
    for roster in [AESTHETIC_RECORD, PRACTICE_BY_NUMBERS, TELUS_CHR] {
        assert_eq!(mistakes(roster), Vec::new(), "{roster}");
    }
    let entry = |roster, key: &'static str| (with(roster, key), key);
    let document = |roster, key: &'static str| (format!("{roster}{key}\n"), key);
    for ((text, key), here, there) in [
        (entry(TELUS_CHR, "passcode: true"), "TELUS CHR", "Aesthetic Record"),
        (entry(PRACTICE_BY_NUMBERS, "passcode: true"), "Practice by Numbers", "Aesthetic Record"),
        (entry(TELUS_CHR, "blocked: { reason: activity-review }"), "TELUS CHR", "Aesthetic Record"),
        (entry(AESTHETIC_RECORD, "two_factor: true"), "Aesthetic Record", "TELUS CHR"),
        (entry(AESTHETIC_RECORD, "employee: external"), "Aesthetic Record", "Practice by Numbers"),
        (document(AESTHETIC_RECORD, "code_word: { env: WORD }"), "Aesthetic Record", "Practice by Numbers"),
        (document(TELUS_CHR, "code_word: { env: WORD }"), "TELUS CHR", "Practice by Numbers"),
        (document(AESTHETIC_RECORD, "employees: []"), "Aesthetic Record", "Practice by Numbers"),
    ] {
        let word = key.split(':').next().expect("a key");
        let message = format!("`{word}` is not available on {here}, only on {there}");
        assert_eq!(mistakes(&text), [("other-platform".to_owned(), message, place(&text, key))], "{text}");
    }
}

// of a key that the platform does not have, its value is not judged, too.
#[test]
fn a_key_of_another_platform_is_one_mistake_whatever_its_value_is() {
    for (text, key) in [
        (with(TELUS_CHR, "passcode: \"1234-open\""), "passcode"),
        (with(TELUS_CHR, "passcode: { renew: never }"), "passcode"),
        (with(TELUS_CHR, "passcode: {}"), "passcode"),
        (with(PRACTICE_BY_NUMBERS, "blocked: true"), "blocked"),
        (with(PRACTICE_BY_NUMBERS, "blocked: { reason: foo }"), "blocked"),
        (with(PRACTICE_BY_NUMBERS, "provider: { x: 1 }"), "provider"),
        (with(PRACTICE_BY_NUMBERS, "initial_password: 1234-open"), "initial_password"),
        (format!("{TELUS_CHR}code_word: 1234-open\n"), "code_word"),
        (format!("{TELUS_CHR}roles: [1234-open]\n"), "roles"),
    ] {
        let found = mistakes(&text);
        assert!(matches!(&found[..], [(code, message, _)] if code == "other-platform" && message.contains(key)), "{text}{found:?}");
        let shown = read(&sources(&[("w.yaml", &text)])).expect_err("a mistake").to_string();
        assert!(key == "roles" || !shown.contains("1234-open"), "{shown}");
    }
}

// CHR-2: staff cannot bill, be billed for or give clinical care; only the declared needs count, and the error names the reason.
#[test]
fn staff_with_a_need_that_only_practitioners_have_are_a_mistake_that_names_the_reason() {
    let staff =
        |more: &str| format!("{TELUS_CHR}  bo@x.example: {{ first_name: Bo, last_name: Cole, type: staff, two_factor: true, {more} }}\n");
    let mut reasons = std::collections::BTreeSet::new();
    for need in ["schedule", "billing", "billed-for", "lab-results", "clinical-care"] {
        let text = staff(&format!("needs: [{need}]"));
        let Err(found) = read(&sources(&[("w.yaml", &text)])) else { panic!("{need} is accepted") };
        let said: Vec<_> = found.iter().map(|said| format!("{} {}", said.message(), said.hint().unwrap_or_default())).collect();
        assert!(said.len() == 1 && said[0].contains("practitioner"), "{need}: {said:?}");
        reasons.insert(said[0].clone());
    }
    assert_eq!(reasons.len(), 5, "each need has its reason");
    assert_eq!(mistakes(&staff("permissions: { grant: [General/Private Billing] }")), Vec::new(), "permissions say nothing about needs");
}

// AR-1: a default clinic may be left out with exactly one clinic, and not with two.
#[test]
fn two_clinics_without_a_default_are_a_mistake() {
    let two = AESTHETIC_RECORD.replace("{ one: { name: One } }", "{ one: { name: One }, two: { name: Two } }");
    assert_eq!(mistakes(&two), Vec::new());
    let both = two.replace("clinics: [one]", "clinics: [one, two]");
    let messages: Vec<String> = mistakes(&both).into_iter().map(|(_, message, _)| message).collect();
    assert_eq!(messages, ["`default_clinic` is missing"]);
    assert_eq!(mistakes(&both.replace("[one, two]", "[one, two], default_clinic: two")), Vec::new());
}

// a secret in plain text is an error at its place, and no mistake repeats it.
#[test]
fn secrets_in_plain_text_are_mistakes_that_do_not_repeat_them() {
    let secret = "open-sesame-4711";
    let scim = AESTHETIC_RECORD.replace("embedded: {}", "scim: { url: \"https://w.example/scim/v2\", token: open-sesame-4711 }");
    let password = with(AESTHETIC_RECORD, "initial_password: open-sesame-4711") + "initial_password: allowed\n";
    let mail = "server: s\nlisten: 127.0.0.1:8080\npublic_url: https://w.example\nworkspaces: { w: { roster: ../w } }\n\
                sms: { url: \"https://sms.example/messages\", form: json, to: to, text: text, token: open-sesame-4711 }\n";
    for text in [
        format!("{PRACTICE_BY_NUMBERS}code_word: {secret}\n"),
        with(AESTHETIC_RECORD, "passcode: open-sesame-4711"),
        password,
        scim,
        mail.to_owned(),
    ] {
        let expected = [("secret-in-clear".to_owned(), "this secret is in plain text".to_owned(), place(&text, secret))];
        assert_eq!(mistakes(&text), expected, "{text}");
        let shown = read(&sources(&[("w.yaml", &text)])).expect_err("a mistake").to_string();
        assert!(!shown.contains(secret), "{shown}");
    }
}

// addresses that differ only in case or Unicode normalization are duplicates, refused with both places.
#[test]
fn two_spellings_of_one_address_are_a_mistake_with_both_places() {
    let entry = "{ first_name: Bo, last_name: Cole, role: front-desk, clinics: [one], phones: [\"+1 602 555 0101\"] }";
    for (first, second) in [
        ("bo@x.example", "Bo@X.Example"),
        ("jos\u{e9}@x.example", "jose\u{301}@x.example"),
        ("jose\u{301}@x.example", "JOS\u{c9}@x.example"),
    ] {
        let one = format!("{AESTHETIC_RECORD}  {first}: {entry}\n");
        let text = format!("{one}  {second}: {entry}\n");
        let expected = ("duplicate-user".to_owned(), format!("`{second}` is the same login as `{first}`"), place(&text, second));
        assert_eq!(mistakes(&text), [expected], "{text}");
        let found = read(&sources(&[("w.yaml", &text)])).expect_err("a mistake");
        assert_eq!(found.iter().next().and_then(|said| said.other_place()), Some(("w.yaml", 8, 3)));
        let more = format!("users_of: w\nusers:\n  {second}: {entry}\n");
        let found = read(&sources(&[("more.yaml", &more), ("w.yaml", &one)])).expect_err("a mistake");
        let places: Vec<_> = found.iter().map(|said| (said.file(), said.line(), said.other_place())).collect();
        assert_eq!(places, [("more.yaml", 3, Some(("w.yaml", 8, 3)))], "{found}");
    }
    let others = format!("{AESTHETIC_RECORD}  jos\u{e9}@x.example: {entry}\n  jose@x.example: {entry}\n");
    assert_eq!(mistakes(&others), Vec::new(), "an accent is a letter of its own");
}

// AR-1: up to four contact numbers.
#[test]
fn a_fifth_phone_number_is_a_mistake() {
    let phones = |count: usize| {
        let numbers: Vec<String> = (0..count).map(|n| format!("\"+1 602 555 010{n}\"")).collect();
        AESTHETIC_RECORD.replace("[\"+1 602 555 0100\"]", &format!("[{}]", numbers.join(", ")))
    };
    assert_eq!(mistakes(&phones(4)), Vec::new());
    let text = phones(5);
    let message = "`phones` has 5 entries; at most 4 are allowed".to_owned();
    assert_eq!(mistakes(&text), [("too-many".to_owned(), message, place(&text, "\"+1 602 555 0104\""))]);
}
