//! The model's values on the wire, and back: one table says where each field stands.
