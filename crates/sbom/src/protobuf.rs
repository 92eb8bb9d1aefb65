//! CycloneDX in protobuf: the messages of all versions, their wire form, and the same document as JSON.
mod schema;
mod transcode;
mod wire;

pub(crate) use schema::{Field, Kind, Message};
pub(crate) use transcode::{Piece, transcode};
pub(crate) use wire::{Value, Wire, push_tag, push_varint};
