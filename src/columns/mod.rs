//! Columns and what they are made of: generic, without any name of the vendor's.
//! Not here: which fields a call has (`schema/`), rows of calls (`table/`).
//!
//! - `bitmap.rs`: a set of rows, one bit each
//! - `integers.rs`: integers in the narrowest width; `integer_chunk.rs`: a chunk of them; `code_range.rs`: which codes lie in a range
//! - `utf8.rs`: text of each row; `dictionary.rs`: distinct texts and their codes; `substring.rs`: a text in others
//! - `hash.rs`: hash table and interner; `id_map.rs`: id → row
//! - `bytes.rs`: reading what a column wrote

pub(crate) mod bitmap;
pub(crate) mod bytes;
mod code_range;
pub(crate) mod dictionary;
pub(crate) mod hash;
pub(crate) mod id_map;
mod integer_chunk;
pub(crate) mod integers;
pub(crate) mod substring;
pub(crate) mod utf8;

/// Rows of a chunk; a multiple of the bits of a word.
pub(crate) const CHUNK: usize = 4096;
