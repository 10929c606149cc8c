//! `log`: what happened, by whom, when and by which plan; an attestation is never called done, and nothing is written.

use std::io::{Read as _, Write as _};

use crate::serving::served::Served;
use crate::support::Roster;

/// The list of users of the example without an interface.
const LIST: &str = "snapshots/glow-medspa.yaml";

fn by_hand() -> Roster {
    let roster = Roster::example("vendor-glow");
    roster.write(LIST, &std::fs::read_to_string("examples/vendor-glow/snapshots/glow-medspa.yaml").unwrap());
    roster
}

fn rows(csv: &str) -> Vec<csv::StringRecord> {
    csv::Reader::from_reader(csv.as_bytes()).records().map(Result::unwrap).collect()
}

fn schema() -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string("schemas/log.schema.json").unwrap()).unwrap()
}

#[test]
fn an_embedded_workspace_says_who_did_what_to_whom_and_by_which_plan() {
    let mut roster = Roster::example("glow");
    let before = roster.files();
    let said = roster.expect(0, &["log"]).stdout;
    assert!(said.starts_with("glow-medspa has no log yet. The workspace does not exist yet"), "{said}");
    assert_eq!(roster.files(), before);
    roster.set("USER", "olivia");
    roster.expect(0, &["apply", "--yes"]);
    let csv = roster.expect(0, &["log", "--format", "csv"]).stdout;
    let all = rows(&csv);
    let hugo: Vec<_> = all.iter().filter(|row| &row[4] == "hugo.brandt@glow.example" && &row[2] == "invite").collect();
    assert_eq!(hugo.len(), 1, "{csv}");
    assert_eq!((&hugo[0][0], &hugo[0][5], &hugo[0][9]), ("glow-medspa", "olivia.stone@glow.example", "done"), "{csv}");
    assert_eq!(hugo[0][7].len(), 64, "the digest of the plan: {csv}");
    let ana = all.iter().find(|row| &row[4] == "ana.ruiz@glow.example" && &row[2] == "update").unwrap();
    assert!(ana[13].contains("role: provider → lead-provider") && ana[13].contains("phones: "), "{csv}");
    let defaults: Vec<&str> = all.iter().filter_map(|row| row[13].split("default clinic: ").nth(1)?.split(';').next()).collect();
    assert!(!defaults.is_empty() && defaults.iter().all(|said| said.len() < 36), "clinics have their keys: {defaults:?}");
    assert!(hugo[0][14].starts_with("olivia"), "from where: {csv}");
    assert!(hugo[0][1].ends_with("-07:00"), "the time of the workspace's zone: {csv}");
    let one = rows(&roster.expect(0, &["log", "--format", "csv", "--user", "hugo.brandt@glow.example"]).stdout);
    assert!(!one.is_empty() && one.iter().all(|row| &row[4] == "hugo.brandt@glow.example"), "{one:?}");
    let text = roster.expect(0, &["log", "--since", "1d"]).stdout;
    assert!(text.starts_with(&format!("glow-medspa: {} entries of its log, read now.", all.len())), "{text}");
    assert!(text.contains(&hugo[0][7][..12]) && text.lines().all(|line| line.chars().count() <= 96), "{text}");
    assert_eq!(rows(&roster.expect(0, &["log", "--format", "csv", "--since", "2099-01-01"]).stdout).len(), 0);
    roster.expect(1, &["log", "--user", "nobody@glow.example"]);
    for wrong in ["yesterday", "7", "-1d", "2026-13-01"] {
        roster.expect(1, &["log", "--since", wrong]);
    }
    let json: serde_json::Value = serde_json::from_str(&roster.expect(0, &["log", "--format", "json"]).stdout).unwrap();
    assert!(jsonschema::is_valid(&schema(), &json), "{json}");
    let entries = json["workspaces"][0]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), all.len());
    let embedded: Vec<_> = entries.iter().filter(|entry| entry["via"] == "embedded").collect();
    assert!(!embedded.is_empty() && embedded.iter().all(|entry| entry["origin"].as_str().unwrap().starts_with("olivia")), "{json}");
}

#[test]
fn an_attestation_says_what_the_list_shows_of_it_and_is_never_called_done() {
    let roster = by_hand();
    let before = roster.files();
    let contradicted = roster.expect(0, &["log", "--format", "csv"]).stdout;
    let row = &rows(&contradicted)[0];
    assert_eq!(&row[1], "2026-11-27T09:40:00-07:00");
    assert_eq!((&row[2], &row[4], &row[5]), ("inactivate", "tom.reed@glow.example", "olivia.stone@glow.example"));
    assert_eq!((&row[7], &row[9], &row[12]), ("7f3c9ae10b52", "the list, which is newer, shows otherwise", "6999c672"));
    roster.edit(LIST, ", contradicted: [status]", "");
    roster.edit(LIST, "at: \"2026-11-27T09:40:00-07:00\"", "at: \"2026-11-27T19:40:00-07:00\"");
    let waiting = rows(&roster.expect(0, &["log", "--format", "csv"]).stdout);
    assert_eq!(&waiting[0][9], "waiting for the next list");
    roster.edit(
        LIST,
        "last_name: Reed, role: front-desk, clinics: [uptown], status: active",
        "last_name: Reed, role: front-desk, clinics: [uptown], status: inactive",
    );
    roster.edit(LIST, "at: \"2026-11-27T19:40:00-07:00\"", "at: \"2026-11-27T09:40:00-07:00\"");
    let text = roster.expect(0, &["log"]).stdout;
    let said = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.starts_with("glow-medspa: 1 step that people attest. The product has no interface:"), "{text}");
    assert!(said.contains("2026-11-27 at") && said.contains("09:40") && said.contains("7f3c9ae10b52"), "{text}");
    let proved = roster.expect(0, &["log", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&proved).unwrap();
    assert!(jsonschema::is_valid(&schema(), &json), "{json}");
    assert_eq!(json["workspaces"][0]["entries"][0]["known"], "proved");
    let nothing = roster.expect(0, &["log", "--user", "mia.chen@glow.example"]).stdout;
    assert!(nothing.starts_with("glow-medspa: 0 of 1 step"), "somebody on the list of whom nobody attests anything: {nothing}");
    assert!(!text.contains("done") && !proved.contains("done"), "{text}");
    assert_eq!(roster.expect(0, &["log", "--since", "2026-11-28", "--format", "csv"]).stdout.lines().count(), 1);
    assert_eq!(roster.expect(0, &["log", "--since", "2026-11-27", "--format", "csv"]).stdout.lines().count(), 2);
    assert_eq!(roster.files(), before);
}

#[test]
fn a_workspace_on_our_server_over_http_has_a_log() {
    let served = Served::start(1024, "2>/dev/null");
    let mut roster = Roster::empty();
    roster.set("LAKESIDE_TOKEN", served.token());
    let url = format!("http://{}/lakeside/scim/v2", served.address);
    roster.write(
        "lakeside.yaml",
        &format!(
            "workspace: lakeside\nplatform: telus-chr\nconnection: {{ scim: {{ url: \"{url}\", token: {{ env: LAKESIDE_TOKEN }} }} }}\n\
             main_admin: iyer@lakeside.example\nusers:\n  \
             iyer@lakeside.example: {{ first_name: Asha, last_name: Iyer, type: practitioner, needs: [schedule] }}\n"
        ),
    );
    let csv = roster.expect(0, &["log", "--format", "csv"]).stdout;
    let actions: Vec<String> = rows(&csv).iter().map(|row| row[2].to_owned()).collect();
    assert!(actions.iter().any(|action| action.contains("token")), "{csv}");
    assert!(!csv.contains(served.token()), "{csv}");
}

/// A server that answers every request with 404, as a plain SCIM server answers those that it does not know. Returns its address.
fn foreign_server() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/scim/v2", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap_or_default();
            assert!(read < request.len());
            let answer = "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    address
}

#[test]
fn a_workspace_of_plain_scim_on_our_own_server_shows_its_log() {
    let roster = Roster::empty();
    let users = "users: { a@x.example: { first_name: Ana } }";
    roster.write(
        "plain.yaml",
        &format!("workspace: plain\nplatform: generic\nmain_admin: a@x.example\nconnection: {{ embedded: {{}} }}\n{users}\n"),
    );
    roster.expect(0, &["apply", "--yes"]);
    let shown = rows(&roster.expect(0, &["log", "--format", "csv"]).stdout);
    assert!(shown.iter().any(|row| &row[2] == "create-workspace" && &row[9] == "done"), "{shown:?}");
}

#[test]
fn a_server_without_a_log_is_named_on_a_line_of_its_own_and_is_not_an_error() {
    let mut roster = by_hand();
    roster.set("OFFICE_TOKEN", "t");
    let connection = format!("connection: {{ scim: {{ url: \"{}\", token: {{ env: OFFICE_TOKEN }} }} }}", foreign_server());
    roster.write(
        "office.yaml",
        &format!("workspace: office\nplatform: generic\n{connection}\nusers: {{ a@x.example: {{ first_name: A }} }}\n"),
    );
    let text = roster.expect(0, &["log"]).stdout;
    assert!(text.contains("\noffice has no log: its server does not offer one.\n"), "{text}");
    let csv = roster.expect(0, &["log", "--format", "csv"]);
    assert!(csv.stderr.contains("office has no log") && csv.stdout.lines().count() == 2, "{}", csv.stderr);
    let json: serde_json::Value = serde_json::from_str(&roster.expect(0, &["log", "--format", "json"]).stdout).unwrap();
    assert_eq!(json["workspaces"][1]["source"], "no-log");
    roster.write(
        "gone.yaml",
        "workspace: gone\nplatform: generic\nconnection: { snapshot: snapshots/gone.yaml }\nusers: { a@x.example: { first_name: A } }\n",
    );
    let text = roster.expect(1, &["log"]).stdout;
    assert!(text.contains("gone could not be read: ") && text.contains("office has no log"), "{text}");
}

/// Runs a statement on a database, as somebody does who has the file.
fn sql(file: &std::path::Path, statement: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut conn = <sqlx::SqliteConnection as sqlx::Connection>::connect(&format!("sqlite://{}", file.display())).await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(&mut conn).await.unwrap();
        sqlx::Connection::close(conn).await.unwrap();
    });
}

// what nobody altered is verified, the first altered row is named, and a tail that was cut off is found against an export.
#[test]
fn a_row_of_the_log_that_was_altered_is_named_and_heads_show_a_cut_tail() {
    let roster = Roster::example("glow");
    let said = roster.expect(0, &["log", "--verify"]).stdout;
    assert_eq!(said, "glow-medspa: there is no log yet, since the workspace does not exist yet\n");
    roster.expect(0, &["apply", "--yes"]);
    let rows = rows(&roster.expect(0, &["log", "--format", "csv"]).stdout).len();
    let file = roster.path().join(".rosterctl/glow-medspa.db");
    let database = file.to_str().unwrap().to_owned();
    let before = (roster.files(), std::fs::read(&file).unwrap());
    let sound = format!("glow-medspa: {rows} rows, and none was altered. The last row is {rows}, of 20");
    for arguments in [&["log", "--verify"][..], &["log", "--verify", "--database", &database]] {
        let said = roster.expect(0, arguments);
        assert!(said.stdout.starts_with(&sound) && said.stderr.is_empty(), "{}{}", said.stdout, said.stderr);
    }
    let heads = roster.expect(0, &["log", "--heads"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&heads).unwrap();
    assert_eq!(
        (&json["format"], &json["heads"][0]["workspace"], &json["heads"][0]["row"]),
        (&1.into(), &"glow-medspa".into(), &rows.into())
    );
    assert!((roster.files(), std::fs::read(&file).unwrap()) == before, "a check writes nothing");
    roster.write("heads.json", &heads);
    let against = ["log", "--verify", "--against", "heads.json"];
    assert!(roster.expect(0, &against).stdout.ends_with("It contains every row that was exported.\n"));
    sql(&file, &format!("DROP TRIGGER log_keeps_its_rows; DELETE FROM log WHERE seq = {rows}"));
    roster.expect(0, &["log", "--verify"]);
    let cut = roster.expect(1, &against);
    assert!(
        cut.stdout.contains(&format!("the rows after row {} are missing. An earlier export has row {rows}.", rows - 1)),
        "{}",
        cut.stdout
    );
    assert!(cut.stderr.contains("Keep a copy of the database"), "{}", cut.stderr);
    sql(&file, "DROP TRIGGER log_keeps_its_words; UPDATE log SET actor = 'nobody@glow.example' WHERE seq = 3");
    for arguments in [&["log", "--verify"][..], &["log", "--verify", "--database", &database], &against, &["log", "--heads"]] {
        let said = roster.expect(1, arguments);
        let all = said.stdout + &said.stderr;
        assert!(all.contains("glow-medspa: row 3 was altered (it now says: 20") && all.contains("by nobody@glow.example)"), "{all}");
        assert!(all.contains("The 2 rows before are as they were written."), "{all}");
    }
    // Where the file itself is gone, an export says that it was there.
    std::fs::remove_file(&file).unwrap();
    roster.expect(0, &["log", "--verify"]);
    assert!(roster.expect(1, &against).stdout.contains("all rows are missing"));
}

#[test]
fn a_log_that_cannot_be_checked_is_never_called_sound() {
    let roster = by_hand();
    assert!(roster.expect(0, &["log", "--verify"]).stdout.contains("its log is what people attest"));
    roster.write("no.db", "not a database");
    for (arguments, why) in [
        (&["log", "--verify", "--database", "nothing.db"][..], "there is no file `nothing.db`"),
        (&["log", "--verify", "--database", "no.db"], "cannot be read as a database of rosterctl"),
        (&["log", "--verify", "--against", "no.db"], "is not an export of `rosterctl log --heads`"),
        (&["log", "--database", "no.db"], "is for `--verify` and `--heads`"),
        (&["log", "--verify", "--user", "kim@glow.example"], "cannot be used with"),
        (&["log", "--against", "no.db"], "--verify"),
    ] {
        let said = roster.expect(1, arguments);
        assert!(said.stderr.contains(why), "{arguments:?}: {}", said.stderr);
    }
}
