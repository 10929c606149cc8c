//! The pages of members in a real browser, Debian's Chromium.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::post::packages;
use super::practice::Practice;

const NOA: &str =
    "noa@glow.example: { first_name: Noa, last_name: Reed, role: front-desk, clinics: [downtown], phones: [\"+1 602 555 0177\"]";

// AR-2 to AR-5, AR-13, AR-14, AR-20, PBN-4, CHR-4, CHR-5: checks 1 to 3, 8, 9, 11, 13, 15 and 19 of the console's list.
#[test]
fn every_page_of_members_works_in_a_browser_in_every_width_and_color() {
    let practice = Practice::open();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pictures = root.join("target/members-pages");
    std::fs::create_dir_all(&pictures).unwrap();
    practice.apply("glow", &[&format!("{NOA} }}")]);
    practice
        .apply("lakeside", &["will@lakeside.example: { first_name: Will, last_name: Hart, title: Clerk, type: staff, two_factor: true }"]);
    practice.apply("bright", &["rob@bright.example: { first_name: Rob, last_name: Hale, role: hygienist, employee: external }"]);
    practice.write("spa", &[&format!("{NOA} }}")]);
    let blocked = practice.served.path().join("rosters/glow-blocked");
    practice.write("glow", &[&format!("{NOA}, blocked: {{ reason: activity-review }} }}")]);
    std::fs::rename(practice.roster("glow"), &blocked).unwrap();
    let (config, base) = (practice.served.path().join("server.yaml"), format!("http://{}", practice.served.address));
    let (code, said) = practice.run("bright", &["set-up-link", "bright", "--config", config.to_str().unwrap(), "--url", &base]);
    assert_eq!(code, 0, "{said}");
    let environment = |workspace: &str| {
        let pairs = practice.environment(workspace);
        Value::Object(pairs.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect())
    };
    let given = json!({
        "packages": packages("ROSTERCTL_BROWSER", "browser"),
        "base": base,
        "messages": practice.post.folder(),
        "pictures": pictures,
        "database": practice.database(),
        "program": env!("CARGO_BIN_EXE_rosterctl"),
        "rosters": practice.served.path().join("rosters"),
        "environments": { "spa": environment("spa"), "glow-blocked": environment("glow") },
        "setUp": said.lines().next().unwrap(),
    });
    let output = Command::new("node").arg(root.join("tests/interop/pages.mjs")).arg(given.to_string()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let found: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)));
    let list = |key: &str| found[key].as_array().unwrap().clone();
    assert!(list("violations").is_empty(), "{:#?}", found["violations"]);
    assert!(list("policy").is_empty() && list("requests").is_empty(), "{found:#}");
    assert!(list("pages").len() >= 40, "{:?}", found["pages"]);
    assert_eq!(found["foreign"], 403);
    let cookies = list("cookies");
    assert!(!cookies.is_empty());
    for cookie in cookies {
        let name = cookie["name"].as_str().unwrap();
        assert!(name.starts_with("__Host-"), "{cookie}");
        assert_eq!(cookie, json!({ "name": name, "secure": true, "httpOnly": true, "sameSite": "Lax", "path": "/" }));
    }
}
