//! Decodes the nodes of a tree; what fails is in the sink.

use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed};

use super::decoder::{Decoder, KeyAdvice, NoAdvice};
use super::deserializer::NodeDeserializer;
use crate::yaml::tree::NodeRef;

impl Decoder {
    /// Decodes a node; `None` where that failed.
    pub(crate) fn decode<'t, T: Deserialize<'t>>(&self, node: NodeRef<'t>) -> Option<T> {
        self.decode_with(node, &NoAdvice)
    }

    /// Decodes a node; the advice is about keys that it does not have.
    pub(crate) fn decode_with<'t, T: Deserialize<'t>>(&self, node: NodeRef<'t>, advice: &dyn KeyAdvice) -> Option<T> {
        self.decode_seed(node, PhantomData::<T>, advice)
    }

    /// Decodes a node by a seed; the advice is about keys that it does not have.
    pub(crate) fn decode_seed<'t, S: DeserializeSeed<'t>>(&self, node: NodeRef<'t>, seed: S, advice: &dyn KeyAdvice) -> Option<S::Value> {
        match seed.deserialize(NodeDeserializer::at(node, self, advice)) {
            Ok(value) => Some(value),
            Err(error) => {
                self.push_error(error, node);
                None
            }
        }
    }

    /// Decodes every entry of a list, each by itself.
    pub(crate) fn each<'t, T: Deserialize<'t>>(&self, list: NodeRef<'t>) -> Vec<(T, NodeRef<'t>)> {
        self.each_with(list, &NoAdvice)
    }

    /// Decodes every entry of a list, each by itself; the advice is about keys that they do not have.
    pub(crate) fn each_with<'t, T: Deserialize<'t>>(&self, list: NodeRef<'t>, advice: &dyn KeyAdvice) -> Vec<(T, NodeRef<'t>)> {
        list.children().filter_map(|node| self.decode_with(node, advice).map(|value| (value, node))).collect()
    }
}
