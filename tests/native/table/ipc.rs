//! A reader of Arrow IPC, with the part of the format that the tests need: FlatBuffers, messages, arrays. It shares
//! no code with the writer.

use serde_json::{Value, json};

/// A field of an Arrow schema.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Type,
    pub(crate) dictionary: Option<i64>,
    pub(crate) nullable: bool,
}

/// The type of a field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Type {
    Int(i32),
    Utf8,
    Timestamp(String),
    List(Box<Field>),
    Struct(Vec<Field>),
}

fn bytes_at<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    *bytes[at..].first_chunk().unwrap()
}

fn int(bytes: &[u8], at: usize) -> i32 {
    assert!(at.is_multiple_of(4), "aligned");
    i32::from_le_bytes(bytes_at(bytes, at))
}

fn long(bytes: &[u8], at: usize) -> usize {
    assert!(at.is_multiple_of(8), "aligned");
    i64::from_le_bytes(bytes_at(bytes, at)).try_into().unwrap()
}

fn number(value: i32) -> usize {
    value.try_into().unwrap()
}

/// A table in a FlatBuffer.
#[derive(Clone, Copy)]
struct Flat<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Flat<'a> {
    fn root(bytes: &'a [u8]) -> Self {
        Self { bytes, at: number(int(bytes, 0)) }
    }

    /// The position of a field, if the table has it.
    fn field(self, slot: usize) -> Option<usize> {
        let slots = self.at - number(int(self.bytes, self.at));
        let short = |at| u16::from_le_bytes(bytes_at(self.bytes, at)) as usize;
        let (length, entry) = (short(slots), 4 + slot * 2);
        let at = if entry < length { short(slots + entry) } else { 0 };
        assert!(at < short(slots + 2), "within the table");
        (at > 0).then_some(self.at + at)
    }

    fn byte(self, slot: usize) -> u8 {
        self.field(slot).map_or(0, |at| self.bytes[at])
    }

    fn follow(self, at: usize) -> Self {
        Self { bytes: self.bytes, at: at + number(int(self.bytes, at)) }
    }

    fn table(self, slot: usize) -> Option<Self> {
        self.field(slot).map(|at| self.follow(at))
    }

    fn text(self, slot: usize) -> String {
        let text = self.table(slot).unwrap();
        let (start, length) = (text.at + 4, number(int(self.bytes, text.at)));
        assert_eq!(self.bytes[start + length], 0);
        String::from_utf8(self.bytes[start..start + length].to_vec()).unwrap()
    }

    fn tables(self, slot: usize) -> Vec<Self> {
        let vector = self.table(slot).unwrap();
        (1..=number(int(self.bytes, vector.at)))
            .map(|item| vector.follow(vector.at + item * 4))
            .collect()
    }

    fn structs<const N: usize>(self, slot: usize) -> Vec<[usize; N]> {
        let vector = self.table(slot).unwrap();
        let item = |item: usize| {
            std::array::from_fn(|member| long(self.bytes, vector.at + 4 + (item * N + member) * 8))
        };
        (0..number(int(self.bytes, vector.at))).map(item).collect()
    }
}

fn field(flat: Flat) -> Field {
    let kind = flat.table(3).unwrap();
    let children: Vec<Field> = flat.tables(5).into_iter().map(field).collect();
    let only = || Box::new(children.first().unwrap().clone());
    let signed_int = |kind: Flat| {
        assert_eq!(kind.byte(1), 1, "signed");
        int(kind.bytes, kind.field(0).unwrap())
    };
    let kind = match flat.byte(2) {
        2 => Type::Int(signed_int(kind)),
        5 => Type::Utf8,
        10 => {
            assert_eq!(kind.bytes[kind.field(0).unwrap()], 1, "milliseconds");
            Type::Timestamp(kind.text(1))
        }
        12 => Type::List(only()),
        13 => Type::Struct(children.clone()),
        other => panic!("type {other}"),
    };
    let dictionary = flat.table(4).map(|encoding| {
        assert_eq!(signed_int(encoding.table(1).unwrap()), 32);
        encoding.field(0).map_or(0, |at| i64::from_le_bytes(bytes_at(encoding.bytes, at)))
    });
    Field { name: flat.text(0), kind, dictionary, nullable: flat.byte(1) == 1 }
}

/// The arrays of a batch.
struct Batch<'a> {
    body: &'a [u8],
    nodes: std::vec::IntoIter<[usize; 2]>,
    buffers: std::vec::IntoIter<[usize; 2]>,
}

impl<'a> Batch<'a> {
    fn new(flat: Flat, body: &'a [u8]) -> Self {
        let (nodes, buffers) = (flat.structs(1).into_iter(), flat.structs(2).into_iter());
        Self { body, nodes, buffers }
    }

    fn buffer(&mut self) -> &'a [u8] {
        let [at, length] = self.buffers.next().unwrap();
        assert!(at.is_multiple_of(8), "aligned");
        &self.body[at..at + length]
    }

    fn offsets(&mut self, length: usize) -> Vec<usize> {
        let buffer = self.buffer();
        assert_eq!(buffer.len(), (length + 1) * 4);
        (0..=length).map(|at| number(int(buffer, at * 4))).collect()
    }

    fn array(&mut self, kind: &Type) -> Vec<Value> {
        let [length, nulls] = self.nodes.next().unwrap();
        let valid = self.buffer();
        assert_eq!(valid.len(), if nulls == 0 { 0 } else { length.div_ceil(8) });
        let values: Vec<Value> = match kind {
            Type::Int(32) => {
                let buffer = self.buffer();
                (0..length).map(|at| json!(int(buffer, at * 4))).collect()
            }
            Type::Int(_) | Type::Timestamp(_) => {
                let buffer = self.buffer();
                (0..length).map(|at| json!(i64::from_le_bytes(bytes_at(buffer, at * 8)))).collect()
            }
            Type::Utf8 => {
                let (ends, texts) = (self.offsets(length), self.buffer());
                ends.windows(2)
                    .map(|ends| json!(str::from_utf8(&texts[ends[0]..ends[1]]).unwrap()))
                    .collect()
            }
            Type::List(item) => {
                let ends = self.offsets(length);
                let items = self.array(&item.kind);
                assert_eq!(ends.last(), Some(&items.len()));
                ends.windows(2).map(|ends| json!(items[ends[0]..ends[1]])).collect()
            }
            Type::Struct(fields) => {
                let members: Vec<_> = fields.iter().map(|field| self.array(&field.kind)).collect();
                let item = |at: usize| {
                    fields
                        .iter()
                        .zip(&members)
                        .map(|(field, member)| (field.name.clone(), member[at].clone()))
                        .collect()
                };
                (0..length).map(item).collect()
            }
        };
        let is_valid = |at: usize| valid.is_empty() || valid[at / 8] >> (at % 8) & 1 == 1;
        assert_eq!((0..length).filter(|at| !is_valid(*at)).count(), nulls);
        values
            .into_iter()
            .enumerate()
            .map(|(at, value)| if is_valid(at) { value } else { Value::Null })
            .collect()
    }

    fn finish(mut self) {
        assert!(self.nodes.next().is_none() && self.buffers.next().is_none(), "all is used");
    }
}

/// Reads a stream: fields, columns, and for each message its position, the bytes before its body, and the bytes of
/// its body.
pub(crate) fn read(stream: &[u8]) -> (Vec<Field>, Vec<Vec<Value>>, Vec<[usize; 3]>) {
    let (mut at, mut messages) = (0, Vec::new());
    let mut fields: Vec<Field> = Vec::new();
    let mut dictionaries: Vec<(i64, Vec<Value>)> = Vec::new();
    let mut columns = Vec::new();
    loop {
        assert_eq!(int(stream, at), -1);
        let metadata = number(int(stream, at + 4));
        if metadata == 0 {
            assert_eq!(at + 8, stream.len());
            return (fields, columns, messages);
        }
        assert!((at + 8 + metadata).is_multiple_of(8), "aligned");
        let message = Flat::root(&stream[at + 8..at + 8 + metadata]);
        assert_eq!(message.byte(0), 4, "version 5");
        let length = message.field(3).map_or(0, |at| long(message.bytes, at));
        let body = &stream[at + 8 + metadata..at + 8 + metadata + length];
        messages.push([at, metadata + 8, length]);
        at += 8 + metadata + length;
        let header = message.table(2).unwrap();
        match message.byte(1) {
            1 => {
                fields = header.tables(1).into_iter().map(field).collect();
                columns = vec![Vec::new(); fields.len()];
            }
            2 => {
                let id =
                    header.field(0).map_or(0, |at| i64::from_le_bytes(bytes_at(header.bytes, at)));
                let mut batch = Batch::new(header.table(1).unwrap(), body);
                dictionaries.push((id, batch.array(&Type::Utf8)));
                batch.finish();
            }
            3 => {
                let mut batch = Batch::new(header, body);
                for (field, column) in fields.iter().zip(&mut columns) {
                    column.extend(match field.dictionary {
                        None => batch.array(&field.kind),
                        Some(id) => {
                            let (_, texts) =
                                dictionaries.iter().find(|(known, _)| *known == id).unwrap();
                            let text = |code: Value| {
                                code.as_u64().map_or(Value::Null, |code| {
                                    texts[usize::try_from(code).unwrap()].clone()
                                })
                            };
                            batch.array(&Type::Int(32)).into_iter().map(text).collect()
                        }
                    });
                }
                batch.finish();
            }
            other => panic!("message {other}"),
        }
    }
}

/// The footer of a file.
pub(crate) struct Footer {
    pub(crate) fields: Vec<Field>,
    /// Position and lengths of each message as in `read`: dictionaries, then batches.
    pub(crate) blocks: Vec<[usize; 3]>,
}

pub(crate) fn footer(bytes: &[u8]) -> Footer {
    let footer = Flat::root(bytes);
    assert_eq!(footer.byte(0), 4, "version 5");
    let fields = footer.table(1).unwrap().tables(1).into_iter().map(field).collect();
    Footer { fields, blocks: [footer.structs(2), footer.structs(3)].concat() }
}
