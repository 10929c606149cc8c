//! JSON Schemas of the documents, from the types and the catalogs.
