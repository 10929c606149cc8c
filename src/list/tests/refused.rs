//! Lists that are refused, with all reasons at once.

use crate::model::{Field, Tab};

use super::super::{About, AddressFault, Cause, Foreign, Kept, Limit, WordKind};
use super::{at, cases, plain, spa};

#[test]
fn every_word_that_is_not_understood_is_listed_once_with_the_nearest_key() {
    let found = spa().refused("Email,Name,Role,Location\nd@x.example,D E,Adminn,Glow Uptown\na@x.example,A B,Providr,Glow Downtwon\nb@x.example,B C,Providr,Westside\nc@x.example,C D,Nurse Injector,Glow Uptown\n");
    let words: Vec<(Kept, &str, Option<&str>)> = found
        .iter()
        .map(|(_, cause)| {
            let Cause::UnknownWord { column, word, near, .. } = cause else { panic!("{cause:?}") };
            (*column, word.as_str(), near.as_deref())
        })
        .collect();
    let (role, clinics) = (Kept::Field(Field::Role), Kept::Field(Field::Clinics));
    assert_eq!(
        words,
        [
            (role, "Adminn", Some("administrator")),
            (role, "Providr", Some("provider")),
            (clinics, "Glow Downtwon", Some("downtown")),
            (clinics, "Westside", None),
            (role, "Nurse Injector", None)
        ]
    );
}

#[test]
fn a_word_that_turns_the_meaning_of_another_is_not_a_slip_of_it() {
    let near = |column: &str, word: &str| {
        let found = spa().refused(&format!("Email,Name,{column}\na@x.example,Ana Ruiz,Provider\nd@x.example,Dan Eve,{word}\n"));
        let said = found.iter().find_map(|(_, cause)| {
            let Cause::UnknownWord { word: said, near, .. } = cause else { return None };
            (said == word).then(|| near.clone())
        });
        said.unwrap_or_else(|| panic!("{word}: {found:?}"))
    };
    for role in
        ["Non-Provider", "Non Provider", "Ex-Provider", "Exprovider", "Sub-Administrator", "Asst. Medical Director", "Vice Administrator"]
    {
        assert_eq!(near("Role", role), None, "{role}");
    }
    assert_eq!(near("Role", "Medcal Director").as_deref(), Some("medical-director"));
    assert_eq!(near("Role", "Fornt Desk").as_deref(), Some("front-desk"));
    assert_eq!(near("Location", "Not Glow Downtown"), None);
    for state in ["Active (password expired)", "Access expired", "License expired", "Locked"] {
        assert_eq!(near("Status", state), None, "{state}");
    }
    assert_eq!(near("Status", "Invite has expired").as_deref(), Some("expired"));
    assert_eq!(near("Status", "Bloked").as_deref(), Some("blocked"));
}

#[test]
fn a_row_with_another_number_of_cells_is_refused_with_its_line() {
    let found = spa().refused("Email,Name,Role\na@x.example,Ruiz, Ana,Provider\nb@x.example,B C\n");
    assert_eq!(found[0], (Some(2), Cause::Ragged { cells: 4, header: 3 }));
    assert_eq!(found[1], (Some(3), Cause::Ragged { cells: 2, header: 3 }));
}

#[test]
fn an_address_must_be_whole_and_apart_from_other_text() {
    for (address, broken) in [
        ("ana.ruiz@glow.exa…", AddressFault::Cut),
        ("VP Investor Relationsuser1@glow.example", AddressFault::Joined),
        ("ana.ruiz", AddressFault::Form),
        ("'ana@glow.example", AddressFault::Form),
        ("=HYPERLINK(\"x\")", AddressFault::Form),
    ] {
        let quoted = address.replace('"', "\"\"");
        let found = spa().refused(&format!("Email,Name\n\"{quoted}\",Ana Ruiz\n"));
        let shown = if address.starts_with('=') { "" } else { address };
        assert_eq!(found, [(Some(2), Cause::BadAddress(broken, shown.to_owned()))], "{address}");
    }
}

#[test]
fn rows_that_contradict_each_other_are_named_both() {
    let found = spa().refused("Email,Name,Role\na@x.example,A B,Provider\nb@x.example,B C,Provider\nA@x.example,A B,Front Desk\n");
    let other = ("active.csv".to_owned(), 2);
    assert_eq!(found, [(Some(4), Cause::Rows { login: "a@x.example".to_owned(), other, differs: Kept::Field(Field::Role) })]);
    let (one, two) = ("Email,Name\na@x.example,A B\n", "Email,Name\na@x.example,A B\n");
    let both = [("1.csv", one.as_bytes(), Some(Tab::Active)), ("2.csv", two.as_bytes(), Some(Tab::Inactive))];
    let problems = spa().try_files(&both).unwrap_err();
    let Cause::Rows { differs, .. } = problems.list[0].cause else { panic!("{problems:?}") };
    assert_eq!(differs, Kept::Status);
}

#[test]
fn a_list_of_people_who_are_signed_in_is_not_one_of_accounts() {
    let problems = at(1).try_files(&[("u.csv", b"Email,Name,Role,Sessions\na@x.example,A B,Owner,2\n", Some(Tab::Active))]).unwrap_err();
    assert_eq!(problems.list[0].cause, Cause::NotUsers);
}

#[test]
fn a_list_without_login_or_header_is_refused_without_its_values() {
    assert_eq!(spa().refused("Name,Role\nAna Ruiz,Provider\n"), [(None, Cause::NoLogin)]);
    assert_eq!(spa().refused("Ana,123-45-6789\nKim,987-65-4321\n"), [(None, Cause::NoHeader)]);
    assert_eq!(spa().refused(" \n\n"), [(None, Cause::Empty)]);
}

#[test]
fn files_of_other_kinds_are_named() {
    for (bytes, foreign) in [
        (b"%PDF-1.7 x".as_slice(), Foreign::Pdf),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", Foreign::OldWorkbook),
        (b"[{\"email\": \"a@x.example\"}]", Foreign::Json),
        (b"\x89PNG\r\n", Foreign::Binary),
        (b"\x1f\x8b\x08", Foreign::Archive),
    ] {
        let problems = plain().try_files(&[("x", bytes, Some(Tab::Active))]).unwrap_err();
        assert_eq!(problems.list[0].cause, Cause::Unreadable(foreign));
    }
    let large = vec![b'a'; 32 * 1024 * 1024 + 1];
    let problems = plain().try_files(&[("x", &large, Some(Tab::Active))]).unwrap_err();
    assert_eq!(problems.list[0].cause, Cause::TooLarge(Limit::File));
}

#[test]
fn a_total_below_the_number_of_people_is_refused() {
    let found = spa().refused("Email,Name,Role\na@x.example,A B,Provider\nb@x.example,B C,Provider\nTotal,1,\n");
    assert_eq!(found, [(None, Cause::MoreThanTotal { tab: Tab::Active, rows: 2, total: 1 })]);
}

#[test]
fn a_row_that_a_comma_has_moved_is_refused_although_it_ends_in_blanks() {
    let list =
        "Email,First Name,Last Name,Credential,Title,Notes\nana@g.example,Ana,Ruiz,MD, RN,Nurse,\nkim@g.example,Kim,Park,RN,Nurse,x\n";
    let refused = plain().refused(list);
    assert_eq!(cases(&refused), [(Some(2), "Ragged".to_owned())], "{refused:?}");
}

#[test]
fn a_role_with_a_plus_is_another_role() {
    for role in ["Admin+", "Provider +", "Front Desk+"] {
        let found = spa().refused(&format!("Email,Name,Role\na@x.example,A B,{role}\nb@x.example,B C,Provider\n"));
        let column = Kept::Field(Field::Role);
        let (header, word, kind) = ("Role".to_owned(), role.to_owned(), WordKind::Plain);
        assert_eq!(found, [(Some(2), Cause::UnknownWord { column, header, word, near: None, kind })]);
    }
    assert_eq!(spa().active("Email,Name,Role\na@x.example,A B,Admin\n").people.len(), 1);
}

#[test]
fn a_note_on_a_column_of_roles_and_states_says_which_of_them_is_not_known() {
    let place = spa().with(
        "{ columns: { role: [Account], status: [Account] }, values: { status: { Provider: active, Invited: pending }, role: { Invited: unknown } } }",
    );
    let list = place.read("Name,Email,Account\nAna Ruiz,ana@x.example,Provider\nKim Lee,kim@x.example,Invited\n");
    let expected = About::Unknown { header: "Account (role)".to_owned(), rows: vec![3] };
    assert!(list.notes.iter().any(|note| note.about == expected), "{:?}", list.notes);
}
