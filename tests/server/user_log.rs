//! The user log: one row for each change and each denial, and no secret in it.

use http::Method;
use rosterctl::server;
use rosterctl::store::{LogRow, StoreError};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::harness::{House, PRACTICE, USER, bright, call, email, glow, plain, settings};
use crate::soak::Trials;

/// Returns what a request added to the log.
async fn rows_of(house: &House, request: impl Future<Output = u16>) -> (u16, Vec<LogRow>) {
    let before = house.log().await.len();
    let status = request.await;
    (status, house.log().await.split_off(before))
}

fn in_short(row: &LogRow) -> (&str, &str, &str, &str) {
    let entry = &row.entry;
    (entry.actor.as_str(), entry.action.as_str(), entry.subject.as_deref().unwrap_or("-"), entry.result.as_str())
}

// X-5, AR-24: who, what and to whom, for each change alone; blocks and unblocks among them.
#[tokio::test]
async fn every_change_writes_exactly_one_row_with_who_and_to_whom() {
    let house = House::of(&glow()).await;
    let block = json!({ "reason": "activity-review", "confirmPhone": "+1 602 555 0100" });
    let color = json!([{ "op": "replace", "path": format!("{PRACTICE}:appointmentColor"), "value": "#3aa675" }]);
    let off = json!([{ "op": "replace", "path": "active", "value": false }]);
    let on = json!([{ "op": "replace", "path": "active", "value": true }]);
    let requests: [(&str, &str, Result<Value, Value>); 8] = [
        ("ana@glow.example", "update", Err(color)),
        ("ana@glow.example", "block", Ok(block)),
        ("ana@glow.example", "unblock", Ok(json!({}))),
        ("ana@glow.example", "inactivate", Err(off)),
        ("ana@glow.example", "activate", Err(on)),
        ("ana@glow.example", "generate-passcode", Ok(json!({}))),
        ("petra@glow.example", "resend-invitation", Ok(json!({}))),
        ("petra@glow.example", "withdraw-invitation", Ok(json!({}))),
    ];
    for (who, action, body) in requests {
        let id = house.id(who).await;
        let request = async {
            match body {
                Ok(body) => house.act(&id, action, body).await.status,
                Err(operations) => house.patch(&format!("/scim/v2/Users/{id}"), operations).await.status,
            }
        };
        let (status, rows) = rows_of(&house, request).await;
        assert_eq!(status, 200, "{action}");
        assert_eq!(rows.iter().map(in_short).collect::<Vec<_>>(), [("olivia@glow.example", action, who, "done")]);
    }
}

#[tokio::test]
async fn the_row_of_a_new_workspace_has_the_number_of_its_accounts_as_a_value() {
    let house = House::of(&glow()).await;
    let accounts = house.get("/scim/v2/Users").await.expect(200)["totalResults"].as_u64().expect("a number");
    let LogRow { entry, .. } = house.log().await.swap_remove(0);
    assert_eq!((entry.action.as_str(), entry.detail.as_deref()), ("create-workspace", None));
    assert_eq!(serde_json::from_str::<Value>(&entry.changes).expect("JSON"), json!({ "accounts": [null, accounts] }));
}

// AR-19, AR-20: refusals are in the log too; of the phone at most the last digits.
#[tokio::test]
async fn a_denied_block_writes_one_row_and_blocks_nobody() {
    let house = House::of(&glow()).await;
    let (ana, olivia) = (house.id("ana@glow.example").await, house.id("olivia@glow.example").await);
    for (id, phone) in [(&ana, "+1 602 555 0102"), (&ana, "+1 602 555 0177"), (&olivia, "+1 602 555 0100")] {
        let body = json!({ "reason": "activity-review", "confirmPhone": phone });
        let (status, rows) = rows_of(&house, async { house.act(id, "block", body).await.status }).await;
        assert_eq!(status, 403, "{phone}");
        assert_eq!(rows.len(), 1, "{rows:?}");
        assert_eq!(rows[0].entry.result.as_str(), "denied");
    }
    assert!(!house.user("ana@glow.example").await[PRACTICE]["block"]["blocked"].as_bool().unwrap_or_default());
    let everything = format!("{:?}", house.log().await);
    assert!(!everything.contains("6025550177") && !everything.contains("602 555 0177"), "a whole phone number is in the log");
}

// nothing can be removed from the log, so it keeps no word of a wrong request, which may have a secret in the wrong place.
#[tokio::test]
async fn the_row_of_a_wrong_request_keeps_no_word_that_the_client_sent() {
    let house = House::of(&glow()).await;
    let ana = house.id("ana@glow.example").await;
    let path = format!("/scim/v2/Users/{ana}");
    let action = format!("{path}/actions/hunter2-4711");
    let set = |path: &str, value: Value| json!([{ "op": "replace", "path": path, "value": value }]);
    let user = |name: &str| json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name });
    let requests: [(&str, &str, Value); 13] = [
        ("GET", "/scim/v2/Users?filter=password%20eq%20hunter2-4711", Value::Null),
        ("GET", "/scim/v2/Users?filter=hunter2-4711%20eq%20%22a%22", Value::Null),
        ("GET", "/scim/v2/Users?sortBy=hunter2-4711", Value::Null),
        ("POST", "/scim/v2/Users", user("hunter2-4711")),
        ("POST", "/scim/v2/Users", user("hunter2`-4711")),
        ("PATCH", &path, set("hunter2-4711", json!(1))),
        ("PATCH", &path, set(&format!("{PRACTICE}:appointmentColor"), json!("hunter2-4711"))),
        ("PATCH", &path, set("hunter2`x`-4711", json!(1))),
        ("PATCH", &path, set(&format!("{PRACTICE}:appointmentColor"), json!("ab`!hunter2-4711!`cd"))),
        ("PATCH", &path, set("a ` hunter2-4711 ` b", json!(1))),
        ("PATCH", "/scim/v2/Users/hunter2-4711", set("title", json!("a"))),
        ("POST", &action, json!({})),
        ("GET", "/scim/v2/Users?sortBy=%60%20hunter2-4711%20%60", Value::Null),
    ];
    let mut kinds = 0;
    for (method, path, body) in requests {
        let request = async {
            match method {
                "GET" => house.get(path).await.status,
                "POST" => house.post(path, body).await.status,
                _ => house.patch(path, body).await.status,
            }
        };
        let (status, rows) = rows_of(&house, request).await;
        // Equal rows within a minute become one, and without the client's words more of them are equal.
        assert!(matches!(status, 400 | 404) && rows.len() <= 1, "{method} {path}");
        kinds += rows.len();
        let kept = format!("{rows:?}");
        assert!(!kept.contains("hunter2") && !kept.contains("4711"), "{kept}");
        assert!(rows.iter().all(|row| row.entry.detail.as_deref().is_some_and(|detail| detail.len() > 10)), "{kept}");
    }
    assert!(kinds >= 6, "{kinds} rows");
}

// a passcode is shown once, to the person who asked for it, and nowhere else.
#[tokio::test]
async fn a_passcode_is_in_its_answer_and_not_in_the_log() {
    let house = House::of(&glow()).await;
    let ana = house.id("ana@glow.example").await;
    let answer = house.act(&ana, "generate-passcode", json!({})).await.expect(200);
    let passcode = answer.as_object().unwrap().values().find_map(|part| part["passcode"].as_str()).unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(passcode.len(), 6);
    assert!(!format!("{:?}", house.log().await).contains(passcode));
    assert!(!house.user("ana@glow.example").await.to_string().contains(passcode));
}

// nothing is ever changed or removed; a reader follows with the cursor.
#[tokio::test]
async fn a_reader_follows_the_log_with_the_cursor() {
    let house = House::of(&glow()).await;
    let first = house.get("/api/v1/log").await.expect(200);
    let cursor = first["nextCursor"].as_str().unwrap().to_owned();
    let more = house.get(&format!("/api/v1/log?cursor={cursor}")).await.expect(200);
    assert_eq!(more["entries"], json!([]));
    let petra = house.id("petra@glow.example").await;
    house.act(&petra, "resend-invitation", json!({})).await.expect(200);
    let more = house.get(&format!("/api/v1/log?cursor={cursor}")).await.expect(200);
    assert_eq!(more["entries"].as_array().unwrap().len(), 1);
    assert_eq!(more["entries"][0]["subject"]["name"], "petra@glow.example");
    let at: jiff::Timestamp = more["entries"][0]["at"].as_str().unwrap().parse().unwrap();
    let since = house.get(&format!("/api/v1/log?since={}", at.as_millisecond())).await.expect(200);
    assert!(since["entries"].as_array().unwrap().contains(&more["entries"][0]), "{since}");
    let later = house.get(&format!("/api/v1/log?cursor=&since={}", at.as_millisecond() + 1)).await.expect(200);
    assert_eq!(later["entries"], json!([]));
    house.get("/api/v1/log?since=yesterday").await.expect(400);
    for method in [Method::DELETE, Method::PUT, Method::PATCH, Method::POST] {
        let answer = house.call(method, "/api/v1/log", &[], None).await;
        assert!(matches!(answer.status, 404 | 405), "{}", answer.status);
    }
}

// L1, X-5: each route that writes leaves one row, a change of nothing and a retry leave none, a denial leaves one.
#[tokio::test]
async fn every_route_that_writes_leaves_one_row_and_a_change_of_nothing_none() {
    let clinic = json!({ "schemas": ["urn:rosterctl:params:scim:schemas:core:2.0:Clinic"], "key": "midtown", "displayName": "Midtown" });
    let role = json!({ "schemas": ["urn:rosterctl:params:scim:schemas:core:2.0:Role"], "value": "helper", "privileges": ["view-reports"] });
    let record = json!({ "schemas": ["urn:rosterctl:params:scim:schemas:core:2.0:Employee"], "givenName": "Joy", "familyName": "May" });
    let group = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "All" });
    let user = json!({ "schemas": [USER], "userName": "joy" });
    let kinds = [
        (glow(), "Clinics", clinic, "displayName"),
        (glow(), "Roles", role, "display"),
        (bright(), "Employees", record, "givenName"),
        (plain(), "Groups", group, "displayName"),
        (plain(), "Users", user, "displayName"),
    ];
    for (desired, kind, body, name) in kinds {
        let house = House::of(&desired).await;
        let at = format!("/scim/v2/{kind}");
        let mut id = String::new();
        for (rows, replayed) in [(1, ""), (0, "true")] {
            let before = house.log().await.len();
            let made = house.call(Method::POST, &at, &[("idempotency-key", "k1")], Some(body.clone())).await;
            assert_eq!(made.header("idempotency-replayed"), replayed, "{kind}");
            made.expect(201)["id"].as_str().unwrap().clone_into(&mut id);
            assert_eq!(house.log().await.len() - before, rows, "{kind}");
        }
        let one = format!("{at}/{id}");
        for rows in [1, 0] {
            let rename = json!([{ "op": "replace", "path": name, "value": "Other" }]);
            let (status, found) = rows_of(&house, async { house.patch(&one, rename).await.status }).await;
            assert_eq!((status, found.len()), (200, rows), "PATCH {kind}");
        }
        let whole = house.get(&one).await.expect(200);
        let (status, found) = rows_of(&house, async { house.call(Method::PUT, &one, &[], Some(whole)).await.status }).await;
        assert_eq!((status, found.len()), (200, 0), "PUT of the same {kind}");
        let (status, found) = rows_of(&house, async { house.call(Method::DELETE, &one, &[], None).await.status }).await;
        assert_eq!((status, found.len()), if desired.platform.0 == "generic" { (204, 1) } else { (501, 1) }, "DELETE {kind}");
    }
    let house = House::of(&bright()).await;
    for rows in [1, 0] {
        let request = async { house.post("/api/v1/code-word", json!({ "codeWord": "willow-lagoon-1" })).await.status };
        assert_eq!(rows_of(&house, request).await.1.len(), rows, "code word");
    }
}

// L1: a caller who may not write is refused, with one row that says who tried what.
#[tokio::test]
async fn a_write_with_a_token_for_reading_leaves_one_row() {
    let house = House::of(&glow()).await;
    let issued = server::create_token(&house.store, "glow", &email("olivia@glow.example"), rosterctl::store::TokenAccess::Read, 60_000)
        .await
        .unwrap();
    let router = server::router(house.store.clone(), settings());
    let header = format!("Bearer {}", issued.token.expose());
    let headers = [("authorization", header.as_str()), ("rosterctl-plan", "abc")];
    let request = async { call(&router, Method::POST, "/glow/scim/v2/Users", &headers, Some(json!({}))).await.status };
    let (status, rows) = rows_of(&house, request).await;
    assert_eq!((status, rows.len()), (403, 1));
    let entry = &rows[0].entry;
    assert_eq!((entry.result.as_str(), entry.subject.as_deref()), ("denied", Some("POST /glow/scim/v2/Users")));
    assert_eq!((entry.via.as_str(), entry.plan.as_deref()), (format!("token:{}", issued.id).as_str(), Some("abc")));
}

// L1, X-5: an ended token gets no explanation, but the log says whose it was; an unknown one leaves no row.
#[tokio::test]
async fn a_known_token_that_is_turned_away_leaves_one_row_and_an_unknown_one_none() {
    let house = House::of(&glow()).await;
    let promote = json!([{ "op": "replace", "path": "roles", "value": [{ "value": "administrator" }] }]);
    let marcus = house.id("marcus@glow.example").await;
    house.patch(&format!("/scim/v2/Users/{marcus}"), promote).await.expect(200);
    let issue = async |who: &str, lives: i64| {
        let issued = server::create_token(&house.store, "glow", &email(who), rosterctl::store::TokenAccess::Write, lives).await.unwrap();
        (issued.id, format!("Bearer {}", issued.token.expose()))
    };
    let (revoked, expired) = (issue("olivia@glow.example", 60_000).await, issue("olivia@glow.example", 1).await);
    let blocked = issue("marcus@glow.example", 60_000).await;
    server::revoke_token(&house.store, "glow", &revoked.0).await.unwrap();
    house.clock.advance(1);
    house.act(&marcus, "block", json!({ "reason": "activity-review", "confirmPhone": "+16025550100" })).await.expect(200);
    let router = server::router(house.store.clone(), settings());
    let ended = [
        (&revoked, "olivia@glow.example", "revoked"),
        (&expired, "olivia@glow.example", "expired"),
        (&blocked, "marcus@glow.example", "revoked"),
    ];
    for ((id, header), owner, why) in ended {
        for (method, path) in [(Method::GET, "/glow/scim/v2/Users"), (Method::POST, "/glow/scim/v2/Users"), (Method::GET, "/glow/nowhere")]
        {
            // A dead token leaves one row a minute.
            house.clock.advance(60_000);
            let request = async { call(&router, method.clone(), path, &[("authorization", header.as_str())], None).await };
            let before = house.log().await.len();
            let stranger = call(&router, method.clone(), path, &[("authorization", "Bearer nonsense")], None).await;
            assert_eq!(house.log().await.len(), before, "nobody knows that token");
            let answer = request.await;
            assert_eq!((answer.status, &answer.body, &answer.headers), (401, &stranger.body, &stranger.headers), "{method} {path}");
            let rows = house.log().await.split_off(before);
            assert_eq!(rows.len(), 1, "{method} {path} {why}");
            let asked = format!("{method} {}", path.replace("nowhere", "…"));
            assert_eq!(in_short(&rows[0]), (owner, "request", asked.as_str(), "denied"));
            assert_eq!(rows[0].entry.via.to_string(), format!("token:{id}"));
            assert!(rows[0].entry.detail.as_deref().is_some_and(|detail| detail.contains(why)), "{rows:?}");
        }
    }
    // The token of an account whose own state ended it without a word to its tokens.
    let bea = house.as_admin("bea@glow.example");
    let before = house.log().await.len();
    assert_eq!(bea.get("/scim/v2/Users").await.status, 401);
    let rows = house.log().await.split_off(before);
    assert_eq!((rows.len(), rows[0].entry.actor.as_str()), (1, "bea@glow.example"));
    // One workspace's token is a stranger's in another, in both logs.
    House::on(&plain(), house.store.clone(), house.clock.clone()).await;
    let before = house.log().await.len();
    call(&router, Method::GET, "/plain/scim/v2/Users", &[("authorization", revoked.1.as_str())], None).await.expect(401);
    assert_eq!(house.log().await.len(), before);
}

// L3: the database itself refuses to change or remove a row.
#[tokio::test]
async fn the_log_can_only_grow() {
    let house = House::of(&glow()).await;
    // A row that is written again would take the place of the first, or of the one that SQLite numbers like it.
    let again = "INSERT OR REPLACE INTO log SELECT workspace, seq, at, 'nobody', via, origin, request_id, action, subject_kind, subject_id, subject, result, detail, changes, plan, approver, commit_id, hash FROM log";
    let mut trials = Trials::default();
    let upsert = "INSERT INTO log SELECT * FROM log WHERE true ON CONFLICT DO UPDATE SET actor = 'nobody'";
    for statement in [
        "DELETE FROM log",
        "UPDATE log SET actor = 'nobody'",
        "UPDATE OR REPLACE log SET seq = 2",
        "UPDATE OR IGNORE log SET actor = 'nobody'",
        again,
        &again.replacen("INSERT OR ", "", 1),
        upsert,
        "INSERT OR REPLACE INTO log (rowid, workspace, seq, at, actor, via, request_id, action, subject_kind, result, changes, hash) VALUES (1, 'other', 1, 0, '', '', '', '', '', '', '', '')",
    ] {
        let (said, statement) = (statement.to_owned(), statement.to_owned());
        let refused: Result<(), StoreError> = house
            .store
            .write("glow", move |writing| {
                Box::pin(async move {
                    sqlx::query(sqlx::AssertSqlSafe(statement.as_str())).execute(&mut writing.conn).await?;
                    Ok(())
                })
            })
            .await;
        assert!(refused.is_err(), "{said}");
        let log = house.log().await;
        assert_eq!((log.len(), log[0].entry.actor.as_str()), (1, "rosterctl"), "{said}");
        trials.passed();
    }
    trials.covered("L3", "statements that would change or remove a row of the user log, all refused");
}

// a refusal because of too many tries names the account that was tried, if there is one.
#[tokio::test]
async fn a_password_that_was_not_compared_has_a_row_about_the_account() {
    let house = House::of(&glow()).await;
    for who in ["ana@glow.example", "nobody@glow.example"] {
        let before = house.log().await.len();
        for _ in 0..6 {
            Browser::new(&house).sign_in(&house, who, "not the password").await;
        }
        // The row is written after the answer.
        let mut rows = Vec::new();
        for _ in 0..500 {
            rows = house.log().await.split_off(before);
            rows.retain(|row| row.entry.detail.as_deref() != Some("a wrong password"));
            if !rows.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let [row] = rows.as_slice() else { panic!("one row: {rows:?}") };
        assert!(row.entry.detail.as_deref().unwrap().starts_with("a password was not compared"), "{row:?}");
        let known = ("ana@glow.example", "sign-in", "ana@glow.example", "denied");
        let unknown = ("unknown", "request", "POST /glow/sign-in", "denied");
        assert_eq!(in_short(row), if who.starts_with("ana") { known } else { unknown });
        house.clock.advance(60 * 60 * 1000);
    }
}
