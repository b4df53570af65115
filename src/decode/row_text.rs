//! The fast path of a row: from the JSON of the vendor's object to the JSON text of ours, without JSON values.
//! Canonical spellings only; a row with any other spelling is read by [`Model::read`], with the same result.
//! Not here: the page of the rows (`page_rows.rs`).

use super::Path;
use super::canonical::{Canonical, Scalar, named_values_end};
use crate::json::cursor::JsonCursor;
use crate::json::scan::KeyPattern;
use crate::json::{Value, parse, to_text, write_integer};
use crate::schema::{Field, FieldKind, Holds, Model, Presence};
use crate::time::shanghai_text_of;

/// Writes the rows of one body.
pub(super) struct RowWriter<'a> {
    /// The body.
    text: &'a str,
    /// The fields of the model, in their order.
    outputs: Vec<Output>,
    /// The members of the current row that the model knows; positions by the vendor's name, see [`Output::member`].
    members: Vec<Member>,
    /// The other members of the current row, from the key to the end of the value.
    unknown: Vec<(usize, usize)>,
    /// The keys of the last row with the positions of their members; the next row probably has the same keys.
    expected: Vec<(KeyPattern, Key)>,
}

/// A field of our row.
struct Output {
    field: &'static Field,
    /// The value for null or for an absent member; `None` if there is no such value, so the field is left out or missing.
    absent: Option<String>,
    /// The position of its member. Fields with one vendor's name share a member.
    member: usize,
}

/// What a key names.
#[derive(Clone, Copy)]
enum Key {
    /// The member at this position, see [`Output::member`].
    Known(usize),
    Unknown,
}

/// The value of a member. `end` is 0 for a member that the row does not have.
#[derive(Clone, Copy, Default)]
struct Member {
    start: usize,
    end: usize,
    /// Whether it is a text with a backslash.
    escaped: bool,
}

impl<'a> RowWriter<'a> {
    pub(super) fn new(model: &'static Model, text: &'a str) -> Self {
        let fields = model.base.map_or(&[][..], |base| base.fields).iter().chain(model.fields);
        let mut names: Vec<&str> = Vec::new();
        let output = |field: &'static Field| {
            let known = names.iter().position(|name| *name == field.wire);
            let member = known.unwrap_or(names.len());
            if known.is_none() {
                names.push(field.wire);
            }
            let known = field.presence == Presence::Known;
            let absent = if known { field.kind.absent(&Path::root("")).ok() } else { None };
            Output { field, absent: absent.as_ref().map(to_text), member }
        };
        let outputs: Vec<Output> = fields.map(output).collect();
        let members = vec![Member::default(); names.len()];
        Self { text, outputs, members, unknown: Vec::new(), expected: Vec::new() }
    }

    /// Writes the row at the cursor, and moves past it. `None` if it is not canonical.
    pub(super) fn write(&mut self, cursor: &mut JsonCursor, out: &mut String) -> Option<()> {
        let start = out.len();
        let written = self.read(cursor).and_then(|()| self.write_fields(out));
        if written.is_none() {
            out.truncate(start);
        }
        written
    }

    /// Finds the members of a row.
    fn read(&mut self, cursor: &mut JsonCursor) -> Option<()> {
        self.members.fill(Member::default());
        self.unknown.clear();
        cursor.take(b'{')?;
        cursor.skip_space();
        let mut position = 0;
        loop {
            let start = cursor.at;
            let expected = self.expected.get(position).and_then(|(key, named)| {
                cursor.at = key.end(cursor.bytes, start)?;
                Some(*named)
            });
            let named = match expected {
                Some(named) => named,
                None => self.new_key(cursor, position)?,
            };
            cursor.skip_space();
            let value = value(cursor)?;
            match named {
                Key::Unknown if value.escaped => return None,
                Key::Unknown => self.unknown.push((start, value.end)),
                Key::Known(member) => {
                    let member = self.members.get_mut(member).filter(|member| member.end == 0)?;
                    *member = value;
                }
            }
            position += 1;
            if !cursor.follows(b'}')? {
                return Some(());
            }
        }
    }

    /// Reads a key that was not expected.
    #[cold]
    fn new_key(&mut self, cursor: &mut JsonCursor, position: usize) -> Option<Key> {
        let start = cursor.at;
        let key = str::from_utf8(cursor.key()?).ok()?;
        let is_named =
            |output: &&Output| output.field.wire == key || output.field.alias == Some(key);
        let output = self.outputs.iter().find(is_named);
        let named = output.map_or(Key::Unknown, |output| Key::Known(output.member));
        self.expected.truncate(position);
        let sent = cursor.bytes.get(start..cursor.at).filter(|sent| sent.ends_with(b":"));
        if let Some(key) = sent.and_then(KeyPattern::new)
            && self.expected.len() == position
        {
            self.expected.push((key, named));
        }
        Some(named)
    }

    fn write_fields(&self, out: &mut String) -> Option<()> {
        append(out, "{");
        for output in &self.outputs {
            let member = *self.members.get(output.member)?;
            let sent = self.text.get(member.start..member.end)?;
            let is_null = matches!(sent, "" | "null");
            if is_null && output.field.presence == Presence::Later {
                continue;
            }
            append(out, if out.ends_with('{') { "\"" } else { ",\"" });
            append(out, output.field.name);
            append(out, "\":");
            if is_null {
                append(out, output.absent.as_ref()?);
            } else {
                write_value(output.field, sent, member.escaped, out)?;
            }
        }
        for (index, (start, end)) in self.unknown.iter().enumerate() {
            append(out, if index == 0 { ",\"extra\":{" } else { "," });
            append(out, self.text.get(*start..*end)?);
        }
        append(out, if self.unknown.is_empty() { "}" } else { "}}" });
        Some(())
    }
}

/// Appends a text. Not inlined, because it is called in many places.
#[inline(never)]
pub(super) fn append(out: &mut String, text: &str) {
    out.push_str(text);
}

/// Reads a scalar, or a list in canonical spelling.
fn value(cursor: &mut JsonCursor) -> Option<Member> {
    let start = cursor.at;
    let mut escaped = false;
    match cursor.peek()? {
        b'"' => {
            cursor.at += 1;
            escaped = cursor.skip_text()?;
        }
        b'0'..=b'9' => drop(cursor.integer()?),
        b'n' => cursor.word(b"null")?,
        _ => cursor.at = named_values_end(cursor.bytes, start)?,
    }
    Some(Member { start, end: cursor.at, escaped })
}

/// Writes the value of a field. `sent` is not null.
fn write_value(field: &Field, sent: &str, escaped: bool, out: &mut String) -> Option<()> {
    let content = sent.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    let Some(content) = content else {
        let accepted = match field.kind {
            FieldKind::NamedValues => sent.starts_with('['),
            FieldKind::Id | FieldKind::OptionalId | FieldKind::Integer | FieldKind::Seconds => {
                !sent.starts_with('[')
            }
            _ => false,
        };
        append(out, accepted.then_some(sent)?);
        return Some(());
    };
    match field.kind {
        FieldKind::Text | FieldKind::OptionalText => {
            if field.holds == Holds::Instant && (escaped || shanghai_text_of(content).is_some()) {
                return None;
            }
            if escaped {
                let text =
                    parse(sent.as_bytes()).ok().filter(|text| matches!(text, Value::Text(_)))?;
                append(out, &to_text(&text));
            } else {
                append(out, sent);
            }
        }
        FieldKind::Seconds | FieldKind::WallTime | FieldKind::EpochMs => {
            let kind = if matches!(field.kind, FieldKind::EpochMs) {
                FieldKind::WallTime
            } else {
                field.kind
            };
            let Canonical::Integer(value) = kind.canonical(Scalar::Text(content.as_bytes()))?
            else {
                return None;
            };
            if matches!(field.kind, FieldKind::WallTime) {
                append(out, sent);
            } else {
                write_integer(value, out);
            }
        }
        _ => return None,
    }
    Some(())
}
