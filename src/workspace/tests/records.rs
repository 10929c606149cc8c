//! Supporting records that rosters could have, and those that they could not.

use std::collections::BTreeSet;

use crate::platform::named;
use crate::workspace::{Acting, RecordContent, RecordEvent, RecordFault, RecordText, Refusal, SupportingRecord, may_write_record};

const UNWRITABLE: &str = "a\u{1}b";

fn record(content: RecordContent) -> SupportingRecord {
    SupportingRecord { key: "north".to_owned(), external_id: None, content }
}

fn clinic(name: &str) -> SupportingRecord {
    record(RecordContent::Clinic { name: Some(name.to_owned()) })
}

fn role(name: &str) -> SupportingRecord {
    record(RecordContent::Role { name: Some(name.to_owned()), privileges: BTreeSet::new() })
}

fn employee(first: &str, last: &str) -> SupportingRecord {
    let (first_name, last_name) = (first.to_owned(), last.to_owned());
    record(RecordContent::Employee { first_name, last_name, active: None, external: None })
}

fn group(name: &str) -> SupportingRecord {
    record(RecordContent::Group { name: name.to_owned(), members: Vec::new() })
}

fn written(platform: &str, before: Option<&SupportingRecord>, after: &SupportingRecord) -> Result<Option<RecordEvent>, Refusal> {
    let none = BTreeSet::new();
    let acting = Acting { id: "a", privileges: &none, role: None, main_admin: true };
    may_write_record(named(platform).unwrap().catalog(), &acting, before, after)
}

const PRACTICE: &str = "practice-by-numbers";

#[test]
fn a_text_that_rosters_could_not_have_stays_only_where_it_is_stored() {
    let with_id = |id: &str| SupportingRecord { external_id: Some(id.to_owned()), ..clinic("North") };
    let keyed = |record: SupportingRecord| SupportingRecord { key: UNWRITABLE.to_owned(), ..record };
    let rows = [
        (RecordText::ClinicName, clinic(UNWRITABLE), clinic("North")),
        (RecordText::RoleName, role(UNWRITABLE), role("North")),
        (RecordText::FirstName, employee(UNWRITABLE, "Lee"), employee("Pat", "Lee")),
        (RecordText::LastName, employee("Pat", UNWRITABLE), employee("Pat", "Lee")),
        (RecordText::ExternalId, with_id(UNWRITABLE), with_id("n-1")),
        (RecordText::Key, keyed(clinic("North")), clinic("North")),
        (RecordText::Key, keyed(employee("Pat", "Lee")), employee("Pat", "Lee")),
        (RecordText::RoleKey, keyed(role("North")), role("North")),
    ];
    for (text, bad, good) in rows {
        let fault = Err(Refusal::Record(RecordFault::Unwritable { text, character: '\u{1}' }));
        assert_eq!(written(PRACTICE, Some(&good), &bad), fault, "{text:?}");
        let otherwise = match text {
            RecordText::ExternalId => SupportingRecord { key: "south".to_owned(), ..bad.clone() },
            RecordText::Key
            | RecordText::RoleKey
            | RecordText::ClinicName
            | RecordText::RoleName
            | RecordText::FirstName
            | RecordText::LastName => SupportingRecord { external_id: Some("n-2".to_owned()), ..bad.clone() },
        };
        assert!(written(PRACTICE, Some(&otherwise), &bad).is_ok(), "{text:?}: it is stored so");
        assert!(written(PRACTICE, Some(&bad), &good).is_ok(), "{text:?}: it is mended");
    }
    let another = SupportingRecord { external_id: Some(UNWRITABLE.to_owned()), ..clinic(UNWRITABLE) };
    let fault = RecordFault::Unwritable { text: RecordText::ExternalId, character: '\u{1}' };
    assert_eq!(written(PRACTICE, Some(&clinic(UNWRITABLE)), &another), Err(Refusal::Record(fault)), "each text alone");
    assert!(written("generic", None, &group(UNWRITABLE)).is_ok(), "rosters have no groups");
    assert!(written(PRACTICE, Some(&clinic("North")), &clinic(" North\n")).is_ok(), "rosters have it without the blanks around it");
}

#[test]
fn a_new_record_has_a_key_that_rosters_can_name_it_by() {
    let keyed = |record: SupportingRecord| SupportingRecord { key: "Not A Key".to_owned(), ..record };
    let fault = |text| Err(Refusal::Record(RecordFault::NotAKey(text)));
    let rows = [
        (PRACTICE, clinic("North"), fault(RecordText::Key)),
        (PRACTICE, employee("Pat", "Lee"), fault(RecordText::Key)),
        (PRACTICE, role("North"), fault(RecordText::RoleKey)),
        ("generic", role("North"), Ok(Some(RecordEvent::RoleMade))),
        ("generic", group("North"), Ok(Some(RecordEvent::GroupMade))),
    ];
    for (platform, record, answer) in rows {
        let bad = keyed(record.clone());
        assert_eq!(written(platform, None, &bad), answer, "{platform}: {record:?}");
        let renamed = SupportingRecord { external_id: Some("n-1".to_owned()), ..bad.clone() };
        assert!(written(platform, Some(&bad), &renamed).is_ok(), "a key stays as it is: {record:?}");
    }
}

#[test]
fn each_kind_of_record_has_its_words_in_the_log() {
    let rows = [
        (PRACTICE, clinic("North"), "create-clinic", "update-clinic"),
        (PRACTICE, role("North"), "create-role", "update-role"),
        (PRACTICE, employee("Pat", "Lee"), "create-employee", "update-employee"),
        ("generic", group("North"), "create-group", "update-group"),
    ];
    for (platform, record, made, changed) in rows {
        let after = SupportingRecord { external_id: Some("n-1".to_owned()), ..record.clone() };
        let word = |before, after| written(platform, before, after).map(|event| event.map(|event| event.action().as_str()));
        assert_eq!(word(None, &record), Ok(Some(made)));
        assert_eq!(word(Some(&record), &after), Ok(Some(changed)));
        assert_eq!(word(Some(&record), &record), Ok(None), "{made}: nothing changes");
    }
}
