//! The published JSON Schemas of plan, receipt, users, log and review, generated from the types that are printed.

use schemars::generate::SchemaSettings;

use super::documents::document::PlanDocument;
use super::documents::receipt_document::ReceiptDocument;
use crate::report::log::document::LogDocument;
use crate::report::review::document::ReviewDocument;
use crate::report::users::document::UsersDocument;

/// Returns the files of `schemas/` with their content.
#[must_use]
pub fn schemas() -> Vec<(&'static str, String)> {
    vec![
        ("log.schema.json", text::<LogDocument>()),
        ("plan.schema.json", text::<PlanDocument<'static>>()),
        ("receipt.schema.json", text::<ReceiptDocument>()),
        ("review.schema.json", text::<ReviewDocument>()),
        ("users.schema.json", text::<UsersDocument>()),
    ]
}

fn text<T: schemars::JsonSchema>() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
