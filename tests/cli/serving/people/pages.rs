//! The pages of members in a real browser, Debian's Chromium.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rosterctl::server::{PageRoute, all_pages};
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, SqliteConnection};

use super::post::packages;
use super::practice::Practice;
use crate::serving::served::Served;

const NOA: &str =
    "noa@glow.example: { first_name: Noa, last_name: Reed, role: front-desk, clinics: [downtown], phones: [\"+1 602 555 0177\"]";

const WILL: &str = "will@lakeside.example: { first_name: Will, last_name: Hart, title: Clerk, type: staff, two_factor: true";

/// A server on a laptop, whose outbox has a message.
fn laptop() -> Served {
    let served = Served::start(1024, "2>/dev/null");
    let form = "email=iyer%40lakeside.example";
    let headers = format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", form.len());
    served.send_with("POST /lakeside/reset", &headers, form);
    let folder = served.path().join(".rosterctl/outbox/lakeside");
    for _ in 0..600 {
        if std::fs::read_dir(&folder).is_ok_and(|files| files.count() > 0) {
            return served;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("no message arrives");
}

/// Keeps a database busy for as long as the connection lives.
async fn busy(file: &Path) -> SqliteConnection {
    let mut conn = SqliteConnection::connect(&format!("sqlite://{}", file.display())).await.unwrap();
    conn.execute("BEGIN IMMEDIATE").await.unwrap();
    conn
}

/// Returns whether a path of a browser is that of a page.
fn is_of(template: &str, path: &str) -> bool {
    let (_, below) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
    let parts = |path: &str| path.trim_matches('/').split('/').map(str::to_owned).collect::<Vec<_>>();
    let (wanted, found) = (parts(template), parts(below));
    wanted.len() == found.len() && wanted.iter().zip(&found).all(|(wanted, found)| wanted == found || wanted == "{token}")
}

// AR-2 to AR-5, AR-13, AR-14, AR-20, PBN-4, CHR-4, CHR-5: checks 1 to 3, 8, 9, 11, 13, 15 and 19 of the console's list.
#[test]
fn every_page_of_members_works_in_a_browser_in_every_width_and_color() {
    let practice = Practice::open();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pictures = root.join("target/members-pages");
    std::fs::create_dir_all(&pictures).unwrap();
    practice.apply("glow", &[&format!("{NOA} }}")]);
    practice.apply("lakeside", &[&format!("{WILL} }}")]);
    practice.apply("bright", &["rob@bright.example: { first_name: Rob, last_name: Hale, role: hygienist, employee: external }"]);
    practice.write("spa", &[&format!("{NOA} }}")]);
    let blocked = practice.served.path().join("rosters/glow-blocked");
    practice.write("glow", &[&format!("{NOA}, blocked: {{ reason: activity-review }} }}")]);
    std::fs::rename(practice.roster("glow"), &blocked).unwrap();
    practice.write("glow", &[&format!("{NOA} }}"), "kim@glow.example: { role: front-desk, clinics: [downtown] }"]);
    let incomplete = practice.served.path().join("rosters/glow-incomplete");
    std::fs::rename(practice.roster("glow"), &incomplete).unwrap();
    practice.write("lakeside", &[&format!("{WILL}, status: inactive }}")]);
    std::fs::rename(practice.roster("lakeside"), practice.served.path().join("rosters/lakeside-inactive")).unwrap();
    let (config, base) = (practice.served.path().join("server.yaml"), format!("http://{}", practice.served.address));
    let (code, said) = practice.run("bright", &["set-up-link", "bright", "--config", config.to_str().unwrap(), "--url", &base]);
    assert_eq!(code, 0, "{said}");
    let environment = |workspace: &str| {
        let pairs = practice.environment(workspace);
        Value::Object(pairs.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect())
    };
    let (code, spa) = practice.run("spa", &["set-up-link", "spa", "--config", config.to_str().unwrap(), "--url", &base]);
    assert_eq!(code, 0, "{spa}");
    let laptop = laptop();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let kept = runtime.block_on(busy(&laptop.path().join(".rosterctl/lakeside.db")));
    let given = json!({
        "packages": packages("ROSTERCTL_BROWSER", "browser"),
        "base": base,
        "messages": practice.post.folder(),
        "pictures": pictures,
        "database": practice.database(),
        "program": env!("CARGO_BIN_EXE_rosterctl"),
        "rosters": practice.served.path().join("rosters"),
        "environments": {
            "spa": environment("spa"),
            "glow-blocked": environment("glow"),
            "glow-incomplete": environment("glow"),
            "lakeside-inactive": environment("lakeside"),
        },
        "laptop": format!("http://{}", laptop.address),
        "setUpSpa": spa.lines().next().unwrap(),
        "setUp": said.lines().next().unwrap(),
    });
    let output = Command::new("node").arg(root.join("tests/interop/pages.mjs")).arg(given.to_string()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let found: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)));
    let list = |key: &str| found[key].as_array().unwrap().clone();
    assert!(list("violations").is_empty(), "{:#?}", found["violations"]);
    assert!(list("policy").is_empty() && list("requests").is_empty(), "{found:#}");
    runtime.block_on(kept.close()).unwrap();
    // Every page was looked at, and every form was sent.
    let paths: Vec<String> = list("paths").iter().map(|path| path.as_str().unwrap().to_owned()).collect();
    let is_open = |page: &&PageRoute| {
        let opened = paths.iter().filter_map(|path| path.split_once(' ')).filter(|(method, _)| *method == page.method.as_str());
        opened.into_iter().any(|(_, path)| is_of(page.path, path))
    };
    let missing: Vec<String> = all_pages().filter(|page| !is_open(page)).map(|page| format!("{} {}", page.method, page.path)).collect();
    assert!(missing.is_empty(), "no browser opened {missing:?}; it opened {:?}", found["pages"]);
    assert_eq!(found["foreign"], 403);
    let cookies = list("cookies");
    assert!(!cookies.is_empty());
    for cookie in cookies {
        let name = cookie["name"].as_str().unwrap();
        assert!(name.starts_with("__Host-"), "{cookie}");
        assert_eq!(cookie, json!({ "name": name, "secure": true, "httpOnly": true, "sameSite": "Lax", "path": "/" }));
    }
}
