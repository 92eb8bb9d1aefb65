//! Opens containers: one artifact in, the artifacts inside it out, bounded by who receives them.
mod envelope;
mod extents;
mod field;
mod formats;
mod frames;
mod git;
mod log_files;
mod lzo;
mod names;
mod nrv;
mod passing;
mod pump;
mod recognised;
mod space;
mod split;
mod tags;
mod tree;
mod volumes;

/// Looks for what stands inside of bytes that no other unpacker could open after all.
pub const LEFT: interdict_model::Unpacker = formats::LEFT;

pub use formats::{Entry, Layer, Part, Parts, UNPACKERS, is_image, layer, relate, within};
pub use passing::{Between, NotPlain, PASSERS, Passer};
pub use recognised::recognised;
pub use split::{Set, is_in_parts, is_volume, sets};
