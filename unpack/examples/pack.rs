//! Packs a file for `unpack`: `pack <file> <packed> [whole]`. The build runs it. `whole` leaves everything in one stream, for
//! the benchmark that compares packings.

use std::env::args_os;
use std::fs;
use std::io::{Result, Write};
use std::sync::atomic::AtomicU8;

use byrobot_unpack::{
    Immediates, MOST_LOCALS, OFFSET_ROTATION, UNNATURAL, join, natural_alignment,
};
use lzma_rust2::{EncodeMode, LzmaOptions, LzmaWriter, MfType};

fn main() -> Result<()> {
    let [file, packed, whole] = [1, 2, 3].map(|index| args_os().nth(index).unwrap_or_default());
    let bytes = fs::read(file)?;
    fs::write(packed, if whole == "whole" { packed_whole(&bytes) } else { pack(&bytes) }?)
}

/// Packs bytes. What is not a module of known instructions, or is not restored by `join`, is in one stream.
pub(crate) fn pack(bytes: &[u8]) -> Result<Vec<u8>> {
    let split = Split::of(bytes).filter(|split| split.joined(bytes.len()) == bytes);
    split.map_or_else(|| packed_whole(bytes), |split| packed_streams(&split))
}

/// Packs bytes as one stream.
fn packed_whole(bytes: &[u8]) -> Result<Vec<u8>> {
    packed_streams(&Split { main: bytes.to_vec(), ..Split::default() })
}

fn packed_streams(split: &Split) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    put_number(&mut packed, split.code);
    for stream in split.streams() {
        put_number(&mut packed, stream.len());
    }
    packed.extend(compress(&split.streams().concat())?);
    Ok(packed)
}

/// WebAssembly has no alignment, so the probabilities do not depend on the position (`lp`, `pb`).
fn compress(bytes: &[u8]) -> Result<Vec<u8>> {
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

/// A module in streams, as `src/module.rs` joins them.
#[derive(Default)]
struct Split {
    /// Where the number of functions is; 0 if `main` is the whole module.
    code: usize,
    blocks: Vec<u8>,
    labels: Vec<u8>,
    locals: Vec<u8>,
    offsets: Vec<u8>,
    main: Vec<u8>,
}

impl Split {
    /// Takes a module apart. `None`: it has no code, or something in it is unknown.
    fn of(module: &[u8]) -> Option<Self> {
        let mut input = Input(module);
        input.take(8)?;
        loop {
            let section = input.byte()?;
            let length = input.number()?.0;
            if section == 10 {
                let code = module.len() - input.0.len();
                let mut functions = Input(input.take(length)?);
                let mut split =
                    Self { code, main: module.get(..code)?.to_vec(), ..Self::default() };
                let (count, bytes) = functions.number()?;
                split.main.extend(bytes);
                for _ in 0..count {
                    let length = functions.number()?.0;
                    split.function(Input(functions.take(length)?))?;
                }
                split.main.extend(input.0);
                return functions.0.is_empty().then_some(split);
            }
            input.take(length)?;
        }
    }

    fn function(&mut self, mut body: Input<'_>) -> Option<()> {
        let (groups, bytes) = body.number()?;
        self.main.extend(bytes);
        for _ in 0..groups {
            self.main.extend(body.number()?.1);
            self.main.extend(body.number()?.1);
        }
        let mut recent = Vec::new();
        while !body.0.is_empty() {
            self.instruction(&mut body, &mut recent)?;
        }
        Some(())
    }

    fn instruction(&mut self, body: &mut Input<'_>, recent: &mut Vec<usize>) -> Option<()> {
        let opcode = body.byte()?;
        let from = self.main.len();
        self.main.push(opcode);
        let mut second = 0;
        if opcode >= 0xFC {
            let (number, bytes) = body.number()?;
            self.main.extend(bytes);
            second = number;
        }
        match Immediates::of(opcode, second)? {
            Immediates::Numbers(count) => {
                for _ in 0..count {
                    self.main.extend(body.number()?.1);
                }
            }
            Immediates::Bytes(count) => self.main.extend(body.take(count.into())?),
            Immediates::List => {
                let (count, bytes) = body.number()?;
                self.main.extend(bytes);
                for _ in 0..count {
                    self.main.extend(body.number()?.1);
                }
            }
            Immediates::Local => {
                let local = body.number()?.0;
                if local >= MOST_LOCALS {
                    return None;
                }
                recent.extend(recent.len()..=local);
                let position = recent.iter().position(|other| *other == local)?;
                recent.get_mut(..=position)?.rotate_right(1);
                put_number(&mut self.locals, position);
            }
            Immediates::Block => self.blocks.extend(body.number()?.1),
            Immediates::End => {}
            Immediates::Label => self.labels.extend(body.number()?.1),
            Immediates::Labels => {
                let (count, bytes) = body.number()?;
                self.main.extend(bytes);
                for _ in 0..=count {
                    self.labels.extend(body.number()?.1);
                }
            }
            Immediates::Memory(bytes) => {
                let (alignment, alignment_bytes) = body.number()?;
                let natural = natural_alignment(opcode).map(usize::from);
                if natural != Some(alignment) {
                    if natural.is_some() {
                        self.main.insert(from, UNNATURAL);
                    }
                    self.main.extend(alignment_bytes);
                }
                let offset = body.number()?.1;
                self.offsets.extend(offset.iter().map(|byte| byte.rotate_right(OFFSET_ROTATION)));
                self.main.extend(body.take(bytes.into())?);
            }
        }
        Some(())
    }

    fn streams(&self) -> [&[u8]; 5] {
        [&self.blocks, &self.labels, &self.locals, &self.offsets, &self.main]
    }

    /// The module that unpacking will make of the streams.
    fn joined(&self, length: usize) -> Vec<u8> {
        let atomic = |byte: &u8| AtomicU8::new(*byte);
        let streams: Vec<_> = self.streams().concat().iter().map(atomic).collect();
        let into: Vec<_> = vec![0; length].iter().map(atomic).collect();
        join(self.code, self.streams().map(<[u8]>::len), &streams, &into);
        into.into_iter().map(AtomicU8::into_inner).collect()
    }
}

/// The bytes of a module that have not been read yet.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// A number in LEB128, and its bytes.
    fn number(&mut self) -> Option<(usize, &'a [u8])> {
        let length = self.0.iter().position(|byte| *byte < 128)? + 1;
        let bytes = self.take(length)?;
        let digits = bytes.iter().enumerate();
        let digit = |(index, byte): (usize, &u8)| {
            usize::from(byte & 127).checked_shl(u32::try_from(7 * index).unwrap_or(u32::MAX))
        };
        Some((digits.filter_map(digit).sum(), bytes))
    }
}

/// Appends a number in LEB128.
fn put_number(bytes: &mut Vec<u8>, number: usize) {
    let [digit, ..] = number.to_le_bytes();
    if number < 128 {
        bytes.push(digit);
    } else {
        bytes.push(digit | 128);
        put_number(bytes, number >> 7);
    }
}
