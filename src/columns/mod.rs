//! Columns and their parts: generic, without any name of the vendor's.
//! Not here: which fields a call has (`schema/`), rows of calls (`table/`).
//!
//! - `bitmap.rs`: a set of rows, one bit for each
//! - `integers.rs`: a column of integers; `integer_chunk.rs`: one chunk of it, in the narrowest width;
//!   `frame.rs`: how its codes become values; `code_range.rs`: which codes of a chunk lie in a range
//! - `positions.rs`: the positions of rows in a chunk
//! - `utf8.rs`: a column of texts; `dictionary.rs`: distinct texts with codes; `substring.rs`: substring search
//! - `hash.rs`: hash table and interner; `id_map.rs`: id → row
//! - `bytes.rs`: the reader of a column's bytes

pub(crate) mod bitmap;
pub(crate) mod bytes;
mod code_range;
pub(crate) mod dictionary;
mod frame;
pub(crate) mod hash;
pub(crate) mod id_map;
mod integer_chunk;
pub(crate) mod integers;
pub(crate) mod positions;
pub(crate) mod substring;
pub(crate) mod utf8;

/// Rows in a chunk; a multiple of the bits in a word.
pub(crate) const CHUNK: usize = 4096;
