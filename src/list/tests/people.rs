//! People on a list, and what it shows of them.

use crate::model::{Field, LoginName, Standing, Tab, Value};

use super::super::{About, Cause};
use super::{case, cases, person, plain, set, spa, text};

#[test]
fn one_list_reads_the_same_in_every_form() {
    let rows = [
        ["Team list", "", "", "", "", ""],
        ["Email", "Name", "Role", "Clinic(s)", "Contact Number", "Status"],
        ["Ana.Ruiz@glow.example", "Ruiz, Ana", "Providers", "Glow Downtown; Glow Uptown", "(602) 555-0142", "Active"],
        ["", "", "", "", "", ""],
        ["kim.park@glow.example", "Kim Park", "Front Desk", "uptown", "+1 602 555 0177", "Invited"],
    ];
    let quote = |cell: &str, separator: char| {
        if cell.contains([separator, '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
    };
    let text_of = |separator: char, end: &str| -> String {
        let line = |row: &[&str; 6]| row.map(|cell| quote(cell, separator)).join(&separator.to_string());
        rows.iter().map(|row| line(row) + end).collect()
    };
    let mut all = Vec::new();
    for separator in [',', ';', '\t', '|'] {
        for end in ["\n", "\r\n"] {
            let text = text_of(separator, end);
            let utf16: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
            all.extend([text.as_bytes().to_vec(), format!("\u{feff}{text}").into_bytes(), utf16]);
        }
    }
    for bytes in all {
        let list = spa().try_files(&[("users.csv", &bytes, None)]).unwrap();
        let ana = person(&list, "ana.ruiz@glow.example");
        assert_eq!((text(ana, Field::FirstName), text(ana, Field::LastName)), (Some("Ana"), Some("Ruiz")));
        assert_eq!(text(ana, Field::Role), Some("provider"));
        assert_eq!(ana.fields.get(&Field::Clinics), Some(&set(&["downtown", "uptown"])));
        assert_eq!(ana.fields.get(&Field::Phones), Some(&Value::List(vec!["+16025550142".to_owned()])));
        assert_eq!(ana.status, Some(Standing::Active));
        assert_eq!(person(&list, "kim.park@glow.example").status, Some(Standing::Pending));
        assert_eq!(list.people.len(), 2);
    }
}

#[test]
fn a_column_that_is_not_understood_is_named_and_not_kept() {
    let list = spa().active("Email,First Name,SSN,Birth Date,Last Name\nana@glow.example,Ana,123-45-6789,1990-01-02,Ruiz\n");
    assert_eq!(list.unknown["active.csv"], ["SSN", "Birth Date"]);
    assert!(!format!("{list:?}").contains("6789") && !format!("{list:?}").contains("1990"));
    assert_eq!(list.fields.iter().copied().collect::<Vec<_>>(), [Field::FirstName, Field::LastName]);
}

#[test]
fn an_empty_cell_is_empty_and_a_missing_column_is_unknown() {
    let list = spa().active("Email,First Name,Last Name,Role,Clinics\nana@glow.example,Ana,,Provider,\n");
    let ana = person(&list, "ana@glow.example");
    assert_eq!(ana.fields.get(&Field::LastName), Some(&Value::Unset));
    assert_eq!(ana.fields.get(&Field::Clinics), Some(&Value::Unset));
    assert_eq!(ana.fields.get(&Field::Phones), None);
}

#[test]
fn rows_of_one_person_are_joined_wherever_they_are() {
    let list = spa().active("Email,Name,Role,Location\nana@glow.example,Ana Ruiz,Provider,Glow Downtown\nkim@glow.example,Kim Park,Front Desk,Glow Uptown\nANA@glow.example,Ana Ruiz,,Glow Uptown\n");
    let ana = person(&list, "ana@glow.example");
    assert_eq!(ana.fields.get(&Field::Clinics), Some(&set(&["downtown", "uptown"])));
    assert_eq!(text(ana, Field::Role), Some("provider"));
    assert_eq!((list.people.len(), list.tabs[&Tab::Active].rows), (2, 3));
}

#[test]
fn a_value_of_which_more_exists_is_unknown() {
    let list = spa().active("Email,Name,Location,Contact Number\nana@glow.example,Ana Ruiz,\"Glow Downtown, +2 more\",6.02555E+09\nkim@glow.example,Kim Park,2 clinics,12\n");
    for login in ["ana@glow.example", "kim@glow.example"] {
        assert_eq!(person(&list, login).fields.get(&Field::Clinics), None);
        assert_eq!(person(&list, login).fields.get(&Field::Phones), None);
    }
    let about: Vec<&About> = list.notes.iter().map(|note| &note.about).collect();
    assert!(about.contains(&&About::Unknown { header: "Location".to_owned(), rows: vec![2, 3] }), "{about:?}");
    assert!(about.contains(&&About::Damaged { header: "Contact Number".to_owned(), rows: vec![2, 3] }), "{about:?}");
}

#[test]
fn a_user_name_is_the_login_where_the_product_has_one() {
    let list = plain().active("User Name,Name,Email\naruiz,Ana Ruiz,ana@glow.example\nkpark,Kim Park,\n");
    assert_eq!(list.people.keys().map(LoginName::as_str).collect::<Vec<_>>(), ["aruiz", "kpark"]);
    assert_eq!(text(person(&list, "aruiz"), Field::Email), Some("ana@glow.example"));
    assert_eq!(person(&list, "kpark").fields.get(&Field::Email), Some(&Value::Unset));
    let list = plain().active("User Name,Name\nana@glow.example,Ana Ruiz\n");
    assert!(list.people.keys().all(|login| login.address().is_some()));
}

#[test]
fn a_workspace_adds_words_of_its_own() {
    let own = "columns: { email: [Anmeldung], role: [Berechtigung] }\nvalues: { role: { Nurse Injector: provider, Azubi: unknown }, clinics: { Haus 1: downtown } }";
    let list = spa().with(own).active("Anmeldung,Name,Berechtigung,Clinic\nana@glow.example,Ana Ruiz,nurse injector,Haus 1\nkim@glow.example,Kim Park,Azubi,Glow Uptown\n");
    assert_eq!(text(person(&list, "ana@glow.example"), Field::Role), Some("provider"));
    assert_eq!(person(&list, "ana@glow.example").fields.get(&Field::Clinics), Some(&set(&["downtown"])));
    assert_eq!(person(&list, "kim@glow.example").fields.get(&Field::Role), None);
}

#[test]
fn a_merged_header_of_two_rows_is_one() {
    let list = spa().active("Email,Name,,Access\n,First Name,Last Name,Role\nana@glow.example,Ana,Ruiz,Provider\n");
    let ana = person(&list, "ana@glow.example");
    assert_eq!(
        (text(ana, Field::FirstName), text(ana, Field::LastName), text(ana, Field::Role)),
        (Some("Ana"), Some("Ruiz"), Some("provider"))
    );
}

#[test]
fn totals_and_lines_below_the_list_are_not_people() {
    let list = spa().active("Users,,\nEmail,Name,Role\nana@glow.example,Ana Ruiz,Provider\nTotal,1,\n");
    assert_eq!((list.people.len(), list.tabs[&Tab::Active].total), (1, Some(1)));
    let list = spa().active("Email,Name,Role\nana@glow.example,Ana Ruiz,Provider\nShowing 1 to 1 of 43 entries,,\n");
    assert_eq!((list.people.len(), list.tabs[&Tab::Active].total), (1, Some(43)));
}

#[test]
fn pasted_text_is_a_list() {
    let list = spa().active("Name\tRole\tClinics\nAR\nAna Ruiz\nana@glow.example\tProvider\tGlow Downtown\nKim Park\nkim@glow.example\tFront Desk\tGlow Uptown\n1–2 of 2\n");
    assert_eq!(text(person(&list, "ana@glow.example"), Field::FirstName), Some("Ana"));
    assert_eq!(list.tabs[&Tab::Active].total, Some(2));
}

#[test]
fn the_order_of_files_and_rows_does_not_matter() {
    let (one, two) =
        ("Email,Name,Clinic\na@glow.example,A B,uptown\nc@glow.example,C D,downtown\n", "Name,Email,Clinic\nC D,c@glow.example,uptown\n");
    let there = spa().try_files(&[("1.csv", one.as_bytes(), Some(Tab::Active)), ("2.csv", two.as_bytes(), Some(Tab::Active))]).unwrap();
    let back = spa().try_files(&[("2.csv", two.as_bytes(), Some(Tab::Active)), ("1.csv", one.as_bytes(), Some(Tab::Active))]).unwrap();
    assert_eq!(there, back);
}

#[test]
fn a_column_for_each_clinic_or_role_has_ticks() {
    let list = spa().active(
        "Email,Name,Glow Downtown,Glow Uptown,Administrator,Front Desk,Notes\na@x.example,A B,x,x,,x,tall\nb@x.example,B C,,x,x,,\nc@x.example,C D,,,,,\n",
    );
    let (a, b, c) = (person(&list, "a@x.example"), person(&list, "b@x.example"), person(&list, "c@x.example"));
    assert_eq!(a.fields.get(&Field::Clinics), Some(&set(&["downtown", "uptown"])));
    assert_eq!((text(a, Field::Role), text(b, Field::Role)), (Some("front-desk"), Some("administrator")));
    assert_eq!((b.fields.get(&Field::Clinics), c.fields.get(&Field::Clinics)), (Some(&set(&["uptown"])), Some(&set(&[]))));
    assert_eq!(c.fields.get(&Field::Role), Some(&Value::Unset));
    assert_eq!(list.unknown["active.csv"], ["Notes"]);

    let several = spa().refused("Email,Name,Administrator,Front Desk\na@x.example,A B,Yes,Yes\n");
    let headers = ("Administrator".to_owned(), "Front Desk".to_owned());
    assert_eq!(several, [(Some(2), Cause::Contradiction { headers })]);

    // A blank among words says nothing, and other words than ticks make no column of ticks.
    let list = spa().active("Email,Name,Glow Downtown,Glow Uptown\na@x.example,A B,Yes,No\nb@x.example,B C,Yes,\n");
    assert_eq!(person(&list, "a@x.example").fields.get(&Field::Clinics), Some(&set(&["downtown"])));
    assert_eq!(person(&list, "b@x.example").fields.get(&Field::Clinics), None);
    let list = spa().active("Email,Name,Glow Downtown,Glow Uptown\na@x.example,A B,Provider,\n");
    assert_eq!(list.unknown["active.csv"], ["Glow Downtown", "Glow Uptown"]);
}

#[test]
fn a_number_or_a_dash_is_not_a_role() {
    let list = plain().active("Email,Name,Role\na@x.example,A B,unknown\nb@x.example,B C,—\nc@x.example,C D,Nurse 2\n");
    let role = |login: &str| person(&list, login).fields.get(&Field::Role).cloned();
    assert_eq!((role("a@x.example"), role("c@x.example")), (None, Some(Value::Text("Nurse 2".to_owned()))));
    assert_ne!(role("b@x.example"), Some(Value::Text("—".to_owned())));
    for place in [plain(), spa()] {
        let found = place.refused("Email,Name,Role\na@x.example,A B,1\nb@x.example,B C,3\n");
        assert!(found.iter().all(|(_, cause)| case(cause) == "UnknownWord") && found.len() == 2, "{found:?}");
    }
    let list = plain().with("values: { role: { \"1\": owner, \"3\": member } }").active("Email,Name,Role\na@x.example,A B,1\n");
    assert_eq!(text(person(&list, "a@x.example"), Field::Role), Some("owner"));
}

#[test]
fn a_line_below_the_rows_of_a_report_is_not_a_person() {
    let list = spa().active(
        "Staff list,,\nEmail,Name,Role\nana@glow.example,Ana Ruiz,Provider\nPage 1 of 2,,\nEmail,Name,Role\nkim@glow.example,Kim Park,Front Desk\nReport total: 2 users,,\nGenerated on 27 Nov 2026 by olivia,,\n",
    );
    assert_eq!(list.people.len(), 2);
    assert_eq!(spa().refused("Email,Name,Role\n,Page Smith,\n"), [(Some(2), Cause::WithoutLogin)]);
}

#[test]
fn several_roles_in_a_cell_are_unknown_and_one_of_them_twice_is_that_role() {
    let list = spa().active(
        "Email,Role\na@x.example,\"Provider, Front Desk\"\nb@x.example,\"Provider, Providers\"\nc@x.example,Admin / Provider\nd@x.example,Provider\n",
    );
    assert_eq!(text(person(&list, "b@x.example"), Field::Role), Some("provider"));
    for login in ["a@x.example", "c@x.example"] {
        assert_eq!(person(&list, login).fields.get(&Field::Role), None);
    }
    assert!(list.notes.iter().any(|note| note.about == About::SeveralRoles { header: "Role".to_owned(), rows: vec![2, 4] }));
    let place = spa().with("values: { role: { \"Provider, Front Desk\": provider } }");
    let list = place.active("Email,Role\na@x.example,\"Provider, Front Desk\"\n");
    assert_eq!(text(person(&list, "a@x.example"), Field::Role), Some("provider"), "the workspace says which one counts");
    assert_eq!(cases(&spa().refused("Email,Role\na@x.example,\"Provider, Janitor\"\n")), [(Some(2), "UnknownWord".to_owned())]);
}

#[test]
fn french_lists_are_understood() {
    let chr = super::at(2);
    for (header, last) in
        [("Prénom,Nom,Courriel,Type,Titre,Statut", "Roy"), ("Pre\u{301}nom,Nom de famille,Adresse courriel,TYPE,Titre,État", "Roy")]
    {
        let list = chr.read(&format!(
            "{header}\nAna,Roy,ana@x.example,Praticienne,Dre,Actif\nBo,Roy,bo@x.example,Personnel,,Désactivé\nCy,Roy,cy@x.example,Praticien,,Invité\n"
        ));
        let ana = person(&list, "ana@x.example");
        assert_eq!((text(ana, Field::FirstName), text(ana, Field::LastName)), (Some("Ana"), Some(last)));
        assert_eq!((text(ana, Field::Role), ana.status), (Some("practitioner"), Some(Standing::Active)));
        assert_eq!(person(&list, "bo@x.example").status, Some(Standing::Inactive));
        assert_eq!(person(&list, "cy@x.example").status, Some(Standing::Pending));
    }
    let list = chr.read("Nom,Courriel,Actif\n\"Roy, Ana\",ana@x.example,Oui\nBo Roy,bo@x.example,Non\n");
    assert_eq!(text(person(&list, "ana@x.example"), Field::FirstName), Some("Ana"));
    assert_eq!(person(&list, "bo@x.example").status, Some(Standing::Inactive));
}

#[test]
fn lines_around_the_rows_do_not_hide_them() {
    let rows = "Email,Name,Role\nana@x.example,Ana Ruiz,Provider\nkim@x.example,Kim Park,Provider\n";
    let total = |text: &str| spa().active(text).tabs[&Tab::Active].total;
    assert_eq!(total(&format!("Exported by olivia@x.example on 11/27/2026,,\n{rows}")), None);
    for line in ["Total: 4 users", "Total,4,", "\"4 users\"", "Total users: 4,,"] {
        assert_eq!(total(&format!("{rows}{line}\n")), Some(4), "{line}");
    }
    assert_eq!(total(&format!("{rows}Page 1 of 3\n")), None);
    assert_eq!(spa().active(&rows.replace("Role\n", "Role,,\n")).people.len(), 2, "columns without a header can be missing");
    let rule = "| Email | Name | Role |\n|---|---|---|\n| ana@x.example | Ana Ruiz | Provider |\n";
    assert_eq!(spa().active(rule).people.len(), 1);
}

#[test]
fn phones_with_their_kind_are_read() {
    let list = spa().active("Email,Contact Number\na@x.example,602-555-0142 / 602-555-0143\nb@x.example,(602) 555-0142 (mobile)\nc@x.example,602-555-0142 x12\n");
    let numbers = |login: &str| person(&list, login).fields.get(&Field::Phones).cloned();
    assert_eq!(numbers("a@x.example"), Some(Value::List(vec!["+16025550142".to_owned(), "+16025550143".to_owned()])));
    assert_eq!(numbers("b@x.example"), Some(Value::List(vec!["+16025550142".to_owned()])));
    assert_eq!(numbers("c@x.example"), None, "nobody knows whether an extension gets messages");
}

#[test]
fn somebody_whose_name_begins_with_total_is_not_a_total() {
    let list = plain().read("Name,Username,Status\nTotal Care Tablet,tablet1,Active\nAna Ruiz,aruiz,Active\nTotal,2,\n");
    assert_eq!(list.people.keys().map(LoginName::as_str).collect::<Vec<_>>(), ["aruiz", "tablet1"]);
    assert_eq!(list.tabs[&Tab::All].total, Some(2));
}

#[test]
fn the_workspace_says_what_a_word_of_a_text_means() {
    let chr = super::at(2).with("values: { title: { M.D.: MD } }");
    let list = chr.active("Email,Name,Title\na@x.example,A B,m.d.\nb@x.example,B C,RN\n");
    assert_eq!(
        (text(person(&list, "a@x.example"), Field::Title), text(person(&list, "b@x.example"), Field::Title)),
        (Some("MD"), Some("RN"))
    );
}

#[test]
fn headings_between_people_are_states() {
    let text = "Active users,,\nName,Email,Role\nAna Ruiz,ana@x.example,Provider\n,,\nInactive users,,\nName,Email,Role\nLee Old,lee@x.example,Provider\nMo Old,mo@x.example,Provider\n";
    for text in [text.to_owned(), text.replacen("Inactive users,,\nName,Email,Role\n", "Former colleagues,,\n", 1)] {
        let list = spa().read(&text);
        let states: Vec<_> = list.people.values().map(|person| person.status).collect();
        assert_eq!(states, [Some(Standing::Active), Some(Standing::Inactive), Some(Standing::Inactive)], "{text}");
    }
    let without_first = text.replacen("Active users,,\n", "", 1);
    let problems = spa().try_files(&[("u.csv", without_first.as_bytes(), None)]).unwrap_err();
    assert_eq!(problems.list[0].cause, Cause::NoState, "nobody says it of the first people");
}

#[test]
fn two_lists_side_by_side_are_not_one() {
    let text = "Name,Email,,Name,Email\nAna Ruiz,ana@x.example,,Lee Old,lee@x.example\n";
    assert_eq!(spa().refused(text), [(None, Cause::Doubled { header: "Email".to_owned() })]);
    assert_eq!(spa().active("Name,Email,,Name,Email\nAna Ruiz,ana@x.example,,,\n").people.len(), 1);
}

#[test]
fn a_file_without_states_adds_to_people_whom_another_shows() {
    let all = b"Name,Email,Status\nAna Ruiz,ana@x.example,Active\nLee Old,lee@x.example,Inactive\n";
    let phones = b"E-mail,Contact Number\nana@x.example,602 555 0142\n";
    let files = |phones| spa().try_files(&[("all.csv", all.as_slice(), None), ("phones.csv", phones, None)]);
    let list = files(phones.as_slice()).unwrap();
    let ana = person(&list, "ana@x.example");
    assert_eq!((ana.status, ana.fields.contains_key(&Field::Phones)), (Some(Standing::Active), true));
    assert_eq!(list.tabs[&Tab::All].rows, 2, "it says nothing of how many there are");
    let more = b"E-mail,Contact Number\nmo@x.example,602 555 0142\n";
    assert_eq!(files(more.as_slice()).unwrap_err().list[0].cause, Cause::NoState);
    let list = spa().active("User ID,Email,Name\naruiz,ana@x.example,Ana Ruiz\n");
    assert_eq!(list.unknown["active.csv"], ["User ID"], "what is not kept is named");
}

#[test]
fn two_spellings_of_one_name_do_not_contradict_each_other() {
    let whole = "Name,Email,Status\nMaria de la Cruz,m@x.example,Active\nANA RUIZ,a@x.example,Active\n";
    let parts = "First Name,Last Name,Email,Status\nMaria,de la Cruz,m@x.example,Active\nAna,Ruíz,a@x.example,Active\n";
    for files in [[("1.csv", whole), ("2.csv", parts)], [("1.csv", parts), ("2.csv", whole)]] {
        let files = files.map(|(name, text)| (name, text.as_bytes(), None));
        let list = spa().try_files(&files).unwrap_or_else(|problems| panic!("{problems:?}"));
        let names = |login: &str| [Field::FirstName, Field::LastName].map(|field| text(person(&list, login), field).map(str::to_owned));
        assert_eq!(names("m@x.example"), ["Maria", "de la Cruz"].map(|name| Some(name.to_owned())));
        assert_eq!(names("a@x.example"), ["Ana", "Ruíz"].map(|name| Some(name.to_owned())));
    }
}

#[test]
fn words_that_programs_write_for_no_value_are_unknown() {
    let list = spa().read("Email,First Name,Last Name,Role,Clinic,Status\na@x.example,Ana,NaN,NULL,None,Active\n");
    let ana = person(&list, "a@x.example");
    let shown: Vec<Field> = ana.fields.keys().copied().collect();
    assert_eq!(shown, [Field::FirstName], "{ana:?}");
}

#[test]
fn people_under_the_name_of_a_role_or_a_clinic_have_it() {
    let roles = "Name,Email,Clinic,Status\nAdministrators,,,\nPat Hill,pat@x.example,Glow Uptown,Active\nProvider,,,\nAna Ruiz,ana@x.example,Glow Uptown,Active\n";
    let list = spa().read(roles);
    let role = |login: &str| text(person(&list, login), Field::Role).map(str::to_owned);
    assert_eq!((role("pat@x.example"), role("ana@x.example")), (Some("administrator".to_owned()), Some("provider".to_owned())));
    let clinics = "Name,Email,Role,Status\nGlow Downtown,,,\nPat Hill,pat@x.example,Provider,Active\nUptown,,,\nAna Ruiz,ana@x.example,Provider,Active\n";
    let list = spa().read(clinics);
    let of = |login: &str| person(&list, login).fields.get(&Field::Clinics).cloned();
    assert_eq!((of("pat@x.example"), of("ana@x.example")), (Some(set(&["downtown"])), Some(set(&["uptown"]))));
}

#[test]
fn two_files_split_the_name_of_somebody_differently() {
    let comma = ("a.csv", b"Name,Email,Role\n\"de la Cruz, Maria\",m@x.example,Provider\n".as_slice(), Some(Tab::Active));
    let plain = ("b.csv", b"Name,Email,Location\nMaria de la Cruz,m@x.example,Glow Uptown\n".as_slice(), Some(Tab::Active));
    let columns = ("c.csv", b"First Name,Last Name,Email\nMaria,de la Cruz,m@x.example\n".as_slice(), Some(Tab::Active));
    for files in [[comma, plain], [plain, comma], [plain, columns], [columns, comma], [comma, columns]] {
        let list = spa().try_files(&files).unwrap_or_else(|problems| panic!("{problems:?}"));
        let maria = person(&list, "m@x.example");
        assert_eq!((text(maria, Field::FirstName), text(maria, Field::LastName)), (Some("Maria"), Some("de la Cruz")), "{files:?}");
    }
}
