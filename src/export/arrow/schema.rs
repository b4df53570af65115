//! The columns of an Arrow table of calls: the fields of the model under their names, without derived fields, and
//! further columns computed from them. Not here: the values (`mod.rs`).
//!
//! | column | type |
//! |---|---|
//! | numbers | Int64, in every export, so that the columns of several exports have one type |
//! | times | Timestamp, milliseconds, Asia/Shanghai |
//! | repeated texts | dictionary of the texts that occur in the rows |
//! | `resultList` | List of Struct of `name` and `value`; empty, not null, without results |
//! | `intentLevel` | dictionary: the level of the results, A to F |
//! | `extra` | JSON text |
//! | `rest` | JSON text: fields, mostly times, that were sent in a form that their column cannot represent |
//! | `unreadable` | List of the names of fields that were sent but could not be read, and are null |

use super::flatbuffer::{Builder, FieldValue};
use crate::columns::dictionary::Dictionary;
use crate::columns::integers::Integers;
use crate::json::{Value, parse};
use crate::schema::field::RESULTS;
use crate::schema::{DONE_CALL, EXTRA, FieldKind, INTENT_LEVEL};
use crate::table::{CallColumns, FieldColumn};

/// `Type`.
const INT: u8 = 2;
const UTF8: u8 = 5;
const TIMESTAMP: u8 = 10;
const LIST: u8 = 12;
const STRUCT: u8 = 13;

/// `TimeUnit`.
const MILLISECOND: u16 = 1;

/// The id of the dictionary of levels. The id of a field's dictionary is the field's position.
pub(super) const LEVELS_DICTIONARY: usize = 100;

/// A column.
#[derive(Debug)]
pub(super) struct ArrowColumn {
    pub(super) name: &'static str,
    /// The field that the column is computed from; `usize::MAX` for a column of the overflow.
    pub(super) index: usize,
    pub(super) nullable: bool,
    pub(super) shape: Shape,
}

/// The Arrow type of a column, with the data that its values need.
#[derive(Debug)]
pub(super) enum Shape {
    Int64,
    /// A timestamp.
    Time,
    Text,
    /// A dictionary of the texts that occur in the rows; other texts may be private. First, for each code of the
    /// column, its number in this dictionary + 1, or 0 without one; then the code for each number.
    Coded(Vec<u32>, Vec<usize>),
    /// The list of each code that occurs in the rows.
    Results(Vec<Vec<(String, String)>>),
    /// The intent level, a dictionary.
    Level,
    Extra,
    /// Follows `Extra`; both arrays are made together.
    Rest,
    Unreadable,
}

/// The codes that occur in the rows, as [`Shape::Coded`] has them.
fn occurring(dictionary: &Dictionary, codes: &Integers, rows: &[u32]) -> (Vec<u32>, Vec<usize>) {
    let (mut numbers, mut used) = (vec![0; dictionary.len()], Vec::new());
    for row in rows {
        let code = codes.value(*row as usize).and_then(|code| usize::try_from(code).ok());
        if let Some(code) = code
            && let Some(number @ 0) = numbers.get_mut(code)
        {
            used.push(code);
            *number = u32::try_from(used.len()).unwrap_or_default();
        }
    }
    (numbers, used)
}

/// The columns for these rows.
pub(super) fn of(columns: &CallColumns, rows: &[u32]) -> Vec<ArrowColumn> {
    let mut all = Vec::new();
    for (index, (field, column)) in DONE_CALL.fields.iter().zip(&columns.fields).enumerate() {
        let shape = match column {
            FieldColumn::Derived => continue,
            FieldColumn::Integers(_) if matches!(field.kind, FieldKind::WallTime) => Shape::Time,
            FieldColumn::Integers(_) => Shape::Int64,
            FieldColumn::Texts(_) => Shape::Text,
            FieldColumn::Coded(dictionary, codes) => {
                let (numbers, used) = occurring(dictionary, codes, rows);
                if index == RESULTS {
                    let mut lists = vec![Vec::new(); dictionary.len()];
                    for code in used {
                        if let Some(list) = lists.get_mut(code) {
                            *list = read_list(dictionary.get(code));
                        }
                    }
                    Shape::Results(lists)
                } else {
                    Shape::Coded(numbers, used)
                }
            }
        };
        let nullable =
            !matches!(field.kind, FieldKind::Id | FieldKind::Text | FieldKind::NamedValues);
        all.push(ArrowColumn { name: field.name, index, nullable, shape });
        if index == RESULTS {
            all.push(ArrowColumn {
                name: INTENT_LEVEL.0,
                index,
                nullable: true,
                shape: Shape::Level,
            });
        }
    }
    for (name, nullable, shape) in [
        (EXTRA.0, true, Shape::Extra),
        ("rest", true, Shape::Rest),
        ("unreadable", false, Shape::Unreadable),
    ] {
        all.push(ArrowColumn { name, index: usize::MAX, nullable, shape });
    }
    all
}

/// The names and values of results in JSON text.
fn read_list(results: &str) -> Vec<(String, String)> {
    let Ok(Value::List(items)) = parse(results.as_bytes()) else { return Vec::new() };
    let text = |item: &Value, key: &str| match item.get(key) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    };
    items.iter().map(|item| (text(item, "name"), text(item, "value"))).collect()
}

/// Writes the table `Schema`.
pub(super) fn table(builder: &mut Builder, columns: &[ArrowColumn]) -> usize {
    let mut fields = Vec::with_capacity(columns.len());
    for column in columns {
        let (name, nullable) = (column.name, column.nullable);
        let simple = |builder: &mut Builder, name, children: &[usize], kind| {
            let at = builder.table(&[]);
            field(builder, name, nullable, (kind, at), None, children)
        };
        let text = |builder: &mut Builder, name| {
            let at = builder.table(&[]);
            field(builder, name, false, (UTF8, at), None, &[])
        };
        fields.push(match &column.shape {
            Shape::Int64 => {
                let at = int(builder, 64);
                field(builder, name, nullable, (INT, at), None, &[])
            }
            Shape::Time => {
                let zone = builder.text("Asia/Shanghai");
                let at = builder
                    .table(&[(0, FieldValue::U16(MILLISECOND)), (1, FieldValue::Pointer(zone))]);
                field(builder, name, nullable, (TIMESTAMP, at), None, &[])
            }
            Shape::Text | Shape::Extra | Shape::Rest => simple(builder, name, &[], UTF8),
            Shape::Coded(..) | Shape::Level => {
                let id = if matches!(column.shape, Shape::Level) {
                    LEVELS_DICTIONARY
                } else {
                    column.index
                };
                let at = builder.table(&[]);
                field(builder, name, nullable, (UTF8, at), Some(id), &[])
            }
            Shape::Results(..) => {
                let members = ["name", "value"].map(|name| text(builder, name));
                let item = simple(builder, "item", &members, STRUCT);
                simple(builder, name, &[item], LIST)
            }
            Shape::Unreadable => {
                let item = text(builder, "item");
                simple(builder, name, &[item], LIST)
            }
        });
    }
    let fields = builder.offsets(&fields);
    builder.table(&[(1, FieldValue::Pointer(fields))])
}

/// Writes the table `Int`, signed.
fn int(builder: &mut Builder, bits: u32) -> usize {
    builder.table(&[(0, FieldValue::U32(bits)), (1, FieldValue::U8(1))])
}

/// Writes the table `Field`.
fn field(
    builder: &mut Builder,
    name: &str,
    nullable: bool,
    (kind, at): (u8, usize),
    dictionary: Option<usize>,
    children: &[usize],
) -> usize {
    let name = builder.text(name);
    let children = builder.offsets(children);
    let mut fields = vec![
        (0, FieldValue::Pointer(name)),
        (1, FieldValue::U8(u8::from(nullable))),
        (2, FieldValue::U8(kind)),
        (3, FieldValue::Pointer(at)),
        (5, FieldValue::Pointer(children)),
    ];
    if let Some(id) = dictionary {
        let index = int(builder, 32);
        let encoding =
            builder.table(&[(0, FieldValue::U64(id as u64)), (1, FieldValue::Pointer(index))]);
        fields.push((4, FieldValue::Pointer(encoding)));
    }
    builder.table(&fields)
}
