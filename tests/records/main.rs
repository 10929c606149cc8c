//! Compares everything that was recorded: every word of plans, receipts and answers, the scenarios, the examples and the documents.

#[path = "../bless/mod.rs"]
mod bless;
mod browser;
mod click_paths;
mod docs;
mod examples;
#[path = "../server/harness.rs"]
#[expect(dead_code, reason = "shared with the tests of the server")]
mod harness;
#[path = "../server/matrix.rs"]
#[expect(dead_code, reason = "shared with the tests of the server")]
mod matrix;
mod own_platforms;
mod pins;
mod report;
mod report_plans;
mod runbooks;
#[path = "../scenario/mod.rs"]
mod scenario;
mod scenarios;
