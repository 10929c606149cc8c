//! The changes that exporters, spreadsheets and hands make to a list.

use std::io::{Cursor, Write as _};

use crate::model::{Field, Standing, Tab, Value};

use super::super::super::{About, AddressFault, Cause, Guess};
use super::super::{person, plain, set, spa, text};

#[test]
fn a_file_that_is_not_utf_8_is_read_and_said() {
    let bytes = b"Email,Name,Role\nzoe@x.example,Zo\xeb M\xfcller,Provider\n";
    let list = spa().try_files(&[("u.csv", bytes, Some(Tab::Active))]).unwrap();
    assert_eq!(text(person(&list, "zoe@x.example"), Field::FirstName), Some("Zoë"));
    assert!(list.notes.iter().any(|note| note.about == About::Encoding(Guess::Windows)), "{:?}", list.notes);
    let known = spa().try_files(&[("u.csv", "\u{feff}Email,Name\nzoe@x.example,Zoë Müller\n".as_bytes(), Some(Tab::Active))]).unwrap();
    assert_eq!((text(person(&known, "zoe@x.example"), Field::LastName), known.notes.len()), (Some("Müller"), 0));
}

#[test]
fn a_sign_that_guards_a_cell_against_formulas_is_not_part_of_its_value() {
    for number in ["'+1 602 555 0142", "\t+1 602 555 0142", " +1 602 555 0142", "=\"+16025550142\"", "+1 602 555 0142"] {
        let quoted = number.replace('"', "\"\"");
        let list = spa().active(&format!("Email,Name,Contact Number\nana@x.example,Ana Ruiz,\"{quoted}\"\n"));
        let phones = person(&list, "ana@x.example").fields.get(&Field::Phones);
        assert_eq!(phones, Some(&Value::List(vec!["+16025550142".to_owned()])), "{number:?}");
    }
}

#[test]
fn a_user_name_that_a_spreadsheet_made_a_number_is_refused() {
    let refused = plain().refused("User Name,Name\n1.4E+10,Ana Ruiz\nkpark,Kim Park\n");
    assert_eq!(refused, [(Some(2), Cause::BadAddress(AddressFault::Digits, "1.4E+10".to_owned()))]);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let cell = |text: &str| format!("<table-cell value-type='string'><p>{text}</p></table-cell>");
    let number = "<table-cell value-type='float' value='1042'><p>0001042</p></table-cell>";
    let rows = [[cell("User Name"), cell("Name")].concat(), [number.to_owned(), cell("Ana Ruiz")].concat()];
    let rows = format!("<table-row>{}</table-row>", rows.join("</table-row><table-row>"));
    archive.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(format!("<d><table name='Users'>{rows}</table></d>").as_bytes()).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    let refused = plain().try_files(&[("u.ods", &bytes, Some(Tab::Active))]).unwrap_err();
    let Cause::BadAddress(broken, _) = &refused.list[0].cause else { panic!("{refused:?}") };
    assert_eq!(*broken, AddressFault::Digits, "zeros before it may be lost");
}

#[test]
fn a_formula_without_its_value_in_a_column_of_days_or_states_is_unknown() {
    let cell = |text: &str| format!("<table-cell value-type='string'><p>{text}</p></table-cell>");
    let formula = "<table-cell formula='of:=TODAY()'/>".to_owned();
    let row = |cells: [String; 3]| format!("<table-row>{}</table-row>", cells.concat());
    for (header, day, states) in [
        ("Deactivated On", "2026-10-01", [Some(Standing::Active), Some(Standing::Inactive), None]),
        ("Disabled", "Yes", [None, Some(Standing::Inactive), None]),
        ("Active", "No", [None, Some(Standing::Inactive), None]),
    ] {
        let rows = [
            row([cell("Email"), cell("Name"), cell(header)]),
            row([cell("a@x.example"), cell("A B"), String::new()]),
            row([cell("b@x.example"), cell("B C"), cell(day)]),
            row([cell("c@x.example"), cell("C D"), formula.clone()]),
        ];
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(format!("<d><table name='Users'>{}</table></d>", rows.concat()).as_bytes()).unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        let list = plain().try_files(&[("u.ods", &bytes, None)]).unwrap_or_else(|problems| panic!("{header}: {problems:?}"));
        assert_eq!(list.people.values().map(|person| person.status).collect::<Vec<_>>(), states, "{header}");
    }
}

#[test]
fn rows_that_cross_two_columns_of_several_values_give_the_set_of_each() {
    let list = spa().active(
        "Email,Name,Clinic,Contact Number\na@x.example,A B,Glow Uptown,602 555 0101\nk@x.example,K P,Glow Uptown,\na@x.example,A B,Glow Downtown,602 555 0102\na@x.example,A B,Glow Uptown,602 555 0102\n",
    );
    let ana = person(&list, "a@x.example");
    assert_eq!(ana.fields.get(&Field::Clinics), Some(&set(&["downtown", "uptown"])));
    let numbers = ["+16025550101", "+16025550102"].map(str::to_owned).to_vec();
    assert_eq!(ana.fields.get(&Field::Phones), Some(&Value::List(numbers)));
    assert!(ana.unordered.contains(&Field::Phones), "which number comes first, no row says");
}

#[test]
fn lines_above_the_header_are_said_and_a_version_is_one_of_them() {
    for above in ["version:v1.0\n", "version:v1.0,,\n", "Users of Glow,,\n"] {
        let list = plain().active(&format!(
            "{above}userPrincipalName,displayName,accountEnabled\nkim@x.example,Kim Park,True\nlee@x.example,Lee Old,False\n"
        ));
        assert_eq!(list.people.len(), 2, "{above}");
        assert_eq!(person(&list, "lee@x.example").status, Some(Standing::Inactive), "{above}");
        assert!(list.notes.iter().any(|note| note.about == About::RowsAbove(1)), "{above}: {:?}", list.notes);
    }
}

#[test]
fn values_joined_by_a_plus_are_split_where_all_parts_are_known() {
    let list =
        spa().active("Email,Name,Clinics\na@x.example,A B,Glow Uptown+Glow Downtown\nb@x.example,B C,[Glow Uptown][Glow Downtown]\n");
    for login in ["a@x.example", "b@x.example"] {
        assert_eq!(person(&list, login).fields.get(&Field::Clinics), Some(&set(&["downtown", "uptown"])), "{login}");
    }
}

#[test]
fn a_title_a_job_and_a_license_are_not_roles() {
    for header in ["Job Title", "Position", "License", "Licenses", "Title"] {
        let list = spa().active(&format!("Email,Name,{header}\na@x.example,A B,Provider\nb@x.example,B C,Administrator\n"));
        assert!(!list.fields.contains(&Field::Role), "{header}");
    }
}

#[test]
fn the_obvious_has_no_note() {
    let deleted = "Email,Name,Block credential,Soft deletion time stamp\na@x.example,A B,False,\nb@x.example,B C,True,\n";
    assert_eq!(plain().read(deleted).notes, [], "nobody was deleted");
    let bots = "Email,Name,Status\na@x.example,A B,Active\n,Deploy Bot,Bot\n";
    let notes: Vec<About> = plain().read(bots).notes.into_iter().map(|note| note.about).collect();
    assert_eq!(notes, [About::WithoutAccount { rows: vec![3] }], "somebody who is left out is named once");
}
