//! Rows of a program: calls in the form of the client's answers, for a table or a view.
//! Not here: rows as the vendor sends them (`general.rs`).

use crate::decode::Path;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Flaw, MAX_DEPTH, Malformed, PARSED, Value, parse};
use crate::memory::reserve;
use crate::schema::DONE_CALL;
use crate::table::CallColumns;
use crate::table::record::Record;
use crate::time::INSTANTS;

/// Rows of a program, in the form of the client's answers, for a table or a view. Several rows of one call are
/// all kept. They are added in parts, because a million rows do not fit into memory as JSON.
#[derive(Debug)]
pub struct CallRows {
    pub(super) columns: CallColumns,
}

impl Default for CallRows {
    fn default() -> Self {
        Self { columns: CallColumns::new() }
    }
}

impl CallRows {
    /// Adds an array of `DONE_CALL`s.
    ///
    /// # Errors
    /// `invalid_argument` for any other value; the path has the index of the row among all rows added.
    /// `out_of_memory`. After an error the rows must not be used.
    pub fn add(&mut self, rows: &Value) -> Result<()> {
        let Value::List(rows) = rows else {
            return Err(Error::invalid_argument("calls", "expected an array of calls"));
        };
        let columns = &mut self.columns;
        columns.reserve(0)?;
        let (mut record, calls) = (Record::new(), Path::root("calls"));
        for row in rows {
            let read = read_row(row, &calls.index(columns.len()))
                .map_err(|error| error.with(|error| error.kind = ErrorKind::InvalidArgument))?;
            record.fill(&read);
            columns.reserve_for(&record)?;
            columns.append(&record, &[]);
        }
        columns.pad();
        Ok(())
    }

    /// Adds an array of `DONE_CALL`s in JSON text.
    ///
    /// # Errors
    /// As for [`CallRows::add`].
    pub fn add_text(&mut self, text: &[u8]) -> Result<()> {
        reserve(PARSED.saturating_mul(text.len()))?;
        let refuse = |malformed: Malformed| {
            let message = match malformed.flaw {
                Flaw::TooDeep => format!("nested more than {MAX_DEPTH} deep"),
                Flaw::Syntax | Flaw::CutOff => "expected an array of calls".to_owned(),
            };
            Error::invalid_argument("calls", &message)
        };
        self.add(&parse(text).map_err(refuse)?)
    }

    /// The rows as columns.
    #[must_use]
    pub fn into_columns(self) -> CallColumns {
        self.columns
    }
}

/// Reads a call in the form of the client's answers: `extra` and derived fields are taken over, all other fields are
/// read as the vendor sends them, because a program may have changed them.
fn read_row(row: &Value, at: &Path) -> Result<Value> {
    let Value::Object(fields) = row else { return Err(at.expected("a call", row)) };
    let derived =
        |name: &str| DONE_CALL.fields.iter().any(|field| field.name == name && field.wire != name);
    let (given, sent): (Vec<_>, Vec<_>) =
        fields.iter().cloned().partition(|(name, _)| name == "extra" || derived(name));
    let mut read = DONE_CALL.read(&Value::Object(sent), at)?;
    if let Value::Object(fields) = &mut read {
        for (name, value) in given {
            match (fields.iter_mut().find(|(known, _)| *known == name), value) {
                (_, Value::Null) => {}
                (Some((_, Value::Object(known))), Value::Object(more)) => known.extend(more),
                (Some((_, known)), Value::Int(ms)) if INSTANTS.contains(&ms) => {
                    *known = Value::Int(ms);
                }
                (None, value @ Value::Object(_)) => fields.push((name, value)),
                (_, value) => {
                    let expected = if name == "extra" {
                        "an object"
                    } else {
                        "epoch milliseconds of the years 0 to 9999"
                    };
                    return Err(at.field(&name).expected(expected, &value));
                }
            }
        }
    }
    Ok(read)
}
