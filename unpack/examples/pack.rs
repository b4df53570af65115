//! Packs a file for `unpack`: `pack <file> <packed>`. The build runs it.

use std::env::args_os;
use std::fs;
use std::io::{Result, Write};

use lzma_rust2::{EncodeMode, LzmaOptions, LzmaWriter, MfType};

fn main() -> Result<()> {
    let [file, packed] = [1, 2].map(|index| args_os().nth(index).unwrap_or_default());
    fs::write(packed, pack(&fs::read(file)?)?)
}

/// Compresses bytes. WebAssembly has no alignment, so the probabilities do not depend on the position (`lp`, `pb`).
pub(crate) fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let options = LzmaOptions {
        dict_size: 1 << 20,
        lc: 3,
        lp: 0,
        pb: 0,
        mode: EncodeMode::Normal,
        mf: MfType::Bt4,
        nice_len: LzmaOptions::NICE_LEN_MAX,
        depth_limit: 1000,
        ..LzmaOptions::with_preset(9)
    };
    let mut writer = LzmaWriter::new_no_header(Vec::new(), &options, false)?;
    writer.write_all(bytes)?;
    writer.finish()
}
