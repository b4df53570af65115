//! Joins the streams of a WebAssembly module. Of each instruction, the parts lie in streams of similar parts, which
//! compress better than the module. The streams, in this order:
//!
//! - types of blocks,
//! - labels of branches,
//! - locals, each as its position among those of the function that were used last,
//! - offsets of loads and stores, with their lowest bits at the top of the byte: most of them are multiples of four,
//! - the rest of the file. It has no lengths of functions, since these end by themselves, and no alignment of loads and stores
//!   if it is the natural one.

use core::sync::atomic::{AtomicU8, Ordering::Relaxed};

use crate::{Bytes, Immediates, Number, UNNATURAL, natural_alignment};

/// A module with more locals in a function is not taken apart.
pub const MOST_LOCALS: usize = 1024;

/// The bits of each byte of an offset are rotated to the left by so many.
pub const OFFSET_ROTATION: u32 = 2;

/// Joins the streams, which have these lengths, into `into`, until it is full. The bytes before `code` are in the last
/// stream only, and from there on the functions follow with their number. With 0, the last stream is all.
pub fn join(code: usize, lengths: [usize; 5], streams: &[AtomicU8], into: &[AtomicU8]) {
    let mut rest = streams;
    let [blocks, labels, locals, offsets, main] = lengths.map(|length| {
        let (stream, others) = rest.split_at_checked(length).unwrap_or((rest, &[]));
        rest = others;
        Bytes(stream.iter())
    });
    let mut joiner = Joiner {
        blocks,
        labels,
        locals,
        offsets,
        main,
        recent: [0; MOST_LOCALS],
        known: 0,
        output: Output { bytes: into, position: 0 },
    };
    joiner.copy_until(code);
    if code > 0 {
        joiner.functions();
    }
    joiner.copy_until(into.len());
}

struct Joiner<'a> {
    blocks: Bytes<'a>,
    labels: Bytes<'a>,
    locals: Bytes<'a>,
    offsets: Bytes<'a>,
    main: Bytes<'a>,
    /// The locals of the function, the last used one first. Those from `known` on have not been needed yet.
    recent: [u16; MOST_LOCALS],
    known: u16,
    output: Output<'a>,
}

impl Joiner<'_> {
    fn copy_until(&mut self, end: usize) {
        while self.output.position < end && !self.output.is_full() {
            self.output.copy(&mut self.main);
        }
    }

    fn functions(&mut self) {
        for _ in 0..self.output.copy_number(&mut self.main, 0) {
            if self.output.is_full() {
                break;
            }
            let start = self.output.position;
            self.function();
            self.output.insert_length(start);
        }
    }

    fn function(&mut self) {
        for _ in 0..self.output.copy_number(&mut self.main, 0) {
            // A count and a type.
            self.copy_numbers(2);
            if self.output.is_full() {
                break;
            }
        }
        self.known = 0;
        let mut depth = 1_usize;
        while depth > 0 && !self.output.is_full() {
            match self.instruction() {
                Immediates::Block => depth += 1,
                Immediates::End => depth -= 1,
                _ => {}
            }
        }
    }

    // Engines optimise a function that is called often, not one that runs for long. So no loop may take it in.
    #[inline(never)]
    fn instruction(&mut self) -> Immediates {
        let mut opcode = self.main.byte();
        let mut alignment = natural_alignment(opcode);
        if opcode == UNNATURAL {
            opcode = self.main.byte();
            alignment = None;
        }
        let Self { output, main, .. } = self;
        output.put(opcode);
        let second = if opcode < 0xFC { 0 } else { output.copy_number(main, 0) };
        let immediates = Immediates::of(opcode, second).unwrap_or(Immediates::Numbers(0));
        match immediates {
            Immediates::Numbers(count) => self.copy_numbers(count.into()),
            Immediates::Bytes(count) => self.copy_bytes(count),
            Immediates::List => {
                let count = output.copy_number(main, 0);
                self.copy_numbers(count);
            }
            Immediates::Local => self.local(),
            Immediates::Block => _ = output.copy_number(&mut self.blocks, 0),
            Immediates::End => {}
            Immediates::Label => _ = output.copy_number(&mut self.labels, 0),
            Immediates::Labels => {
                for _ in 0..=output.copy_number(main, 0) {
                    output.copy_number(&mut self.labels, 0);
                    if output.is_full() {
                        break;
                    }
                }
            }
            Immediates::Memory(bytes) => {
                match alignment {
                    Some(alignment) => output.put(alignment),
                    None => _ = output.copy_number(main, 0),
                }
                output.copy_number(&mut self.offsets, OFFSET_ROTATION);
                self.copy_bytes(bytes);
            }
        }
        immediates
    }

    fn copy_numbers(&mut self, count: usize) {
        for _ in 0..count {
            if self.output.is_full() {
                break;
            }
            self.output.copy_number(&mut self.main, 0);
        }
    }

    fn copy_bytes(&mut self, count: u8) {
        for _ in 0..count {
            self.output.copy(&mut self.main);
        }
    }

    /// Writes a local, and moves it to the front of `recent`.
    fn local(&mut self) {
        let position = self.locals.number();
        while usize::from(self.known) <= position {
            let Some(next) = self.recent.get_mut(usize::from(self.known)) else { break };
            *next = self.known;
            self.known += 1;
        }
        let recent = self.recent.get_mut(..=position).unwrap_or_default();
        let local = recent.last().copied().unwrap_or_default();
        let mut moved = local;
        for place in recent {
            core::mem::swap(place, &mut moved);
        }
        self.output.put_number(local.into());
    }
}

/// The module as far as it is written.
struct Output<'a> {
    bytes: &'a [AtomicU8],
    position: usize,
}

impl Output<'_> {
    const fn is_full(&self) -> bool {
        self.position >= self.bytes.len()
    }

    fn put(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get(self.position) {
            place.store(byte, Relaxed);
            self.position += 1;
        }
    }

    fn put_number(&mut self, mut number: usize) {
        while number > 127 {
            let [digit, ..] = number.to_le_bytes();
            self.put(digit | 128);
            number >>= 7;
        }
        let [digit, ..] = number.to_le_bytes();
        self.put(digit);
    }

    fn copy(&mut self, from: &mut Bytes<'_>) {
        self.put(from.byte());
    }

    /// Copies a number in LEB128 whose bytes are rotated.
    #[inline(never)]
    fn copy_number(&mut self, from: &mut Bytes<'_>, rotation: u32) -> usize {
        let mut number = Number::default();
        loop {
            let byte = from.byte().rotate_left(rotation);
            self.put(byte);
            if !number.add(byte) {
                return number.value;
            }
        }
    }

    /// Writes the length of what was written from `start` on in front of it.
    fn insert_length(&mut self, start: usize) {
        let end = self.position;
        let length = end - start;
        self.put_number(length);
        let more = self.position - end;
        for index in (start..end).rev() {
            if let (Some(from), Some(to)) = (self.bytes.get(index), self.bytes.get(index + more)) {
                to.store(from.load(Relaxed), Relaxed);
            }
        }
        self.position = start;
        self.put_number(length);
        self.position = end + more;
    }
}
