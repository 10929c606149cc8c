//! Generates rosters of any size, with the same bytes each time: workspaces of up to 10,000 users with the fields of the documentation's samples.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// The most users in a workspace, since a file is at most 8 MiB.
pub(crate) const MOST_IN_A_FILE: usize = 10_000;
/// Clinics of a workspace.
const CLINICS: usize = 20;
const FIRST: [&str; 16] =
    ["Olivia", "Marcus", "Ana", "Kim", "Lee", "Priya", "Jonas", "Rosa", "Tess", "Sam", "Hugo", "Ines", "Noor", "Dana", "Asha", "Pat"];
const LAST: [&str; 16] = [
    "Stone", "Ruiz", "Park", "Olsen", "Nair", "Weber", "Diaz", "Cole", "Okafor", "Brandt", "Costa", "Haddad", "Fox", "Iyer", "Wood", "Hale",
];

/// One file of a roster.
pub(crate) struct File {
    /// Its name, relative to the roster.
    pub(crate) name: String,
    /// Its text.
    pub(crate) text: String,
}

/// Generates a roster with a number of users. In every `edited`th user, one field differs from the roster without edits; 0 edits nobody.
pub(crate) fn roster(users: usize, edited: usize) -> Vec<File> {
    let files = users.div_ceil(MOST_IN_A_FILE);
    (0..files)
        .map(|at| {
            let count = MOST_IN_A_FILE.min(users - at * MOST_IN_A_FILE);
            File { name: format!("practice-{at}.yaml"), text: workspace(&format!("practice-{at}"), count, edited) }
        })
        .collect()
}

/// Generates a roster of many workspaces with as many users each.
pub(crate) fn workspaces(number: usize, users: usize) -> Vec<File> {
    let file = |at: usize| File { name: format!("practice-{at}.yaml"), text: workspace(&format!("practice-{at}"), users, 0) };
    (0..number).map(file).collect()
}

/// Writes a roster to a folder.
pub(crate) fn write(folder: &Path, files: &[File]) {
    fs::create_dir_all(folder).expect("the folder of the roster can be made");
    for file in files {
        fs::write(folder.join(&file.name), &file.text).expect("a file of the roster can be written");
    }
}

fn workspace(name: &str, users: usize, edited: usize) -> String {
    let mut text = String::with_capacity(users * 600);
    let _ = write!(
        text,
        "workspace: {name}\nplatform: aesthetic-record\nconnection: {{ embedded: {{}} }}\n\
         subscription: {{ plan: accelerator, billing: monthly }}\ntime_zone: America/Phoenix\n\
         main_admin: {}\nmanage: exact\n\nclinics:\n",
        address(name, 0)
    );
    for clinic in 0..CLINICS {
        let _ = writeln!(text, "  clinic-{clinic}: {{ name: Clinic {clinic} }}");
    }
    text.push_str("\nroles:\n  lead-provider:\n    based_on: provider\n    privileges: { export-reports: true }\n\nusers:\n");
    for n in 0..users {
        user(&mut text, name, n, edited > 0 && n % edited == edited - 1);
    }
    text
}

/// Six users in ten work as providers, three work at the front desk, and one is a medical director. The first two are administrators.
fn user(text: &mut String, workspace: &str, n: usize, edited: bool) {
    let (first, last) = (FIRST[n % 16], LAST[n / 16 % 16]);
    let (home, other) = (n / 10 % CLINICS, (n / 10 + 1) % CLINICS);
    let role = match n % 10 {
        _ if n < 2 => "administrator",
        0 => "medical-director",
        1..=3 => "front-desk",
        4 => "lead-provider",
        _ => "provider",
    };
    let _ = write!(
        text,
        "  {}:\n    first_name: {first}\n    last_name: {last}\n    role: {role}\n    clinics: [clinic-{home}, clinic-{other}]\n    default_clinic: clinic-{home}\n",
        address(workspace, n)
    );
    let _ =
        writeln!(text, "    phones: [\"+1 602 5{:02} {:04}\", \"+1 480 5{:02} {:04}\"]", n / 10_000, n % 10_000, n / 10_000, n % 10_000);
    if n % 10 >= 4 {
        let director = n - n % 10 + if n < 10 { 10 } else { 0 };
        let sold = if edited { 26_000 } else { 25_000 };
        let _ = write!(
            text,
            "    appointment_color: \"#{n:06x}\"\n    privileges: {{ export-reports: false }}\n    provider:\n      md_consent: {}\n      \
             online_booking: true\n      goals: {{ per: month, procedures: 40, sales_usd: {sold} }}\n      booking_profile:\n        \
             display_name: {first} {}.\n        title: Master Aesthetician and Laser Specialist\n        \
             bio: Twelve years of laser and skin care, in both clinics and on the mobile team, by appointment and on call; teaches the new colleagues of all the clinics.\n      \
             check_in_notifications: {{ sms: true, email: true }}\n",
            address(workspace, director),
            &last[..1],
        );
    } else {
        let _ = writeln!(text, "    dashboard_access: {}", n.is_multiple_of(10) != edited);
    }
}

/// Returns the address of a user of a workspace.
fn address(workspace: &str, n: usize) -> String {
    format!("{}.{}.{n}@{workspace}.example", FIRST[n % 16].to_ascii_lowercase(), LAST[n / 16 % 16].to_ascii_lowercase())
}
