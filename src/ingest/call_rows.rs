//! Rows of a program for a table or a view: calls in the form of the client's answers, with all fields or some.
//! Not here: rows as the vendor sends them (`general.rs`), cells of CSV (`csv_rows.rs`); the names of a program's
//! columns and the bodies of callbacks, which TypeScript turns into such rows.

use std::cell::RefCell;
use std::rc::Rc;

use super::csv_rows::from_csv;
use super::oddities::Oddities;
use crate::decode::{Path, integer_of};
use crate::error::{Error, ErrorKind, Result, UNEXPECTED_AT};
use crate::json::{Flaw, MAX_DEPTH, Malformed, PARSED, Value, parse};
use crate::memory::reserve;
use crate::schema::{DONE_CALL, EXTRA, field};
use crate::table::record::Record;
use crate::table::{CallColumns, Table};
use crate::time::{INSTANTS, shanghai_text};

/// Makes the error of the reader of answers the error of an argument: no answer is read here.
fn of_argument(error: &mut Error) {
    error.kind = ErrorKind::InvalidArgument;
    if let Some(rest) = error.message.strip_prefix(UNEXPECTED_AT) {
        error.message = rest.to_owned();
    }
}

/// The members of an object.
type Members = Vec<(String, Value)>;

/// Rows of a program for a table or a view. Several rows of one call are all kept. They are added in parts, because a
/// million rows do not fit into memory as JSON.
#[derive(Debug)]
pub struct CallRows {
    pub(super) columns: CallColumns,
    pub(super) oddities: Oddities,
    /// The columns of the table: a field that a row lacks has the value that the call has there. `None` for a view.
    known: Option<Rc<RefCell<CallColumns>>>,
}

impl Default for CallRows {
    fn default() -> Self {
        Self { columns: CallColumns::new(), oddities: Oddities::of_list("calls"), known: None }
    }
}

impl CallRows {
    /// Rows for a table. A field that a row lacks stays as it is in a known call.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        Self { known: Some(Rc::clone(table.columns())), ..Self::default() }
    }

    /// Adds an array of calls, or of lines of a CSV as objects of titles and cells.
    ///
    /// # Errors
    /// `invalid_argument` for any other value; the path has the index of the row among all rows added.
    /// `out_of_memory`. After an error the rows must not be used.
    pub fn add(&mut self, rows: &Value, are_csv: bool) -> Result<()> {
        let Value::List(rows) = rows else {
            return Err(Error::invalid_argument("calls", "expected an array of calls"));
        };
        self.columns.reserve(0)?;
        let (mut record, calls) = (Record::new(), Path::root("calls"));
        for row in rows {
            let read = self
                .read(row, are_csv, &calls.index(self.columns.len()))
                .map_err(|error| error.with(of_argument))?;
            record.fill(&read);
            let columns = &mut self.columns;
            columns.reserve_for(&record)?;
            columns.append(&record, &[]);
            if let (Some(_), Some(id)) = (&self.known, record.get(field::ID).integer()) {
                columns.index.insert_at(id, columns.len() - 1, &columns.fields);
            }
        }
        self.columns.pad();
        Ok(())
    }

    /// Adds an array in JSON text.
    ///
    /// # Errors
    /// As for [`CallRows::add`].
    pub fn add_text(&mut self, text: &[u8], are_csv: bool) -> Result<()> {
        reserve(PARSED.saturating_mul(text.len()))?;
        let refuse = |malformed: Malformed| {
            let message = match malformed.flaw {
                Flaw::TooDeep => format!("nested more than {MAX_DEPTH} deep"),
                Flaw::Syntax | Flaw::CutOff => "expected an array of calls".to_owned(),
            };
            Error::invalid_argument("calls", &message)
        };
        self.add(&parse(text).map_err(refuse)?, are_csv)
    }

    /// The number of rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows as columns.
    #[must_use]
    pub fn into_columns(self) -> CallColumns {
        self.columns
    }

    /// The row of a call that is known, in the form of the model.
    fn known(&self, id: Option<&Value>) -> Option<Value> {
        let table = self.known.as_ref()?.borrow();
        let id = integer_of(id?)?;
        match self.columns.find(id) {
            Some(row) => Some(self.columns.row(row)),
            None => table.find(id).map(|row| table.row(row)),
        }
    }

    /// Reads a call in the form of the client's answers: `extra` and derived fields are taken over, all other fields
    /// are read as the vendor sends them, because a program may have changed them.
    fn read(&mut self, row: &Value, are_csv: bool, at: &Path) -> Result<Value> {
        let Value::Object(given) = row else { return Err(at.expected("a call", row)) };
        let given = if are_csv { from_csv(given) } else { given.clone() };
        let given = Value::Object(given);
        let known = self.known(given.get(name_of(field::ID))).unwrap_or_default();
        let (mut sent, mut instants, mut extra) = (Vec::new(), Vec::new(), Vec::new());
        let mut fields = still_known(&known, &given);
        fields.extend(members(&given));
        for (name, value) in fields {
            match DONE_CALL.fields.iter().find(|field| field.name == name) {
                Some(field) if field.name != field.wire => match value {
                    Value::Int(ms) if INSTANTS.contains(&ms) => instants.push((field, ms)),
                    Value::Null => {}
                    _ => {
                        let expected = "epoch milliseconds of the years 0 to 9999";
                        return Err(at.field(field.name).expected(expected, &value));
                    }
                },
                None if name == EXTRA.0 => match value {
                    Value::Object(more) => extra.extend(more),
                    Value::Null => {}
                    _ => return Err(at.field(EXTRA.0).expected("an object", &value)),
                },
                _ if name == name_of(field::RESULTS) => {
                    sent.push((name, with_results(value, &known)));
                }
                _ => sent.push((name, value)),
            }
        }
        for (field, ms) in &instants {
            // An instant alone gives the time as well.
            if sent.iter().all(|(name, _)| name != field.wire) {
                sent.push((field.wire.to_owned(), Value::Text(shanghai_text(*ms))));
            }
        }
        let mut read = DONE_CALL.read(&Value::Object(sent), at)?;
        self.oddities.of_row(&given, &read, self.columns.len(), false);
        if let Value::Object(fields) = &mut read {
            for (field, ms) in instants {
                if let Some((_, known)) = fields.iter_mut().find(|(name, _)| name == field.name) {
                    *known = Value::Int(ms);
                }
            }
            match fields.iter_mut().find(|(name, _)| name == EXTRA.0) {
                Some((_, Value::Object(unread))) => unread.extend(extra),
                _ if extra.is_empty() => {}
                _ => fields.push((EXTRA.0.to_owned(), Value::Object(extra))),
            }
        }
        Ok(read)
    }
}

/// The name of a field.
fn name_of(field: usize) -> &'static str {
    DONE_CALL.fields.get(field).map_or("", |field| field.name)
}

fn members(value: &Value) -> Members {
    match value {
        Value::Object(members) => members.clone(),
        _ => Vec::new(),
    }
}

/// The field of the time of an instant; any other field itself.
fn time_of(name: &str) -> &str {
    let field = DONE_CALL.fields.iter().find(|field| field.name == name);
    field.map_or(name, |field| field.wire)
}

/// The members of a known call that a row leaves as they are. Of a time and its instant, one replaces both.
fn still_known(known: &Value, given: &Value) -> Members {
    let replaced: Vec<&str> = match given {
        Value::Object(given) => given.iter().map(|(name, _)| time_of(name)).collect(),
        _ => Vec::new(),
    };
    let stays = |name: &str| !replaced.contains(&time_of(name));
    let mut still = members(known);
    for (name, value) in &mut still {
        if let Value::Object(extra) = value
            && name == EXTRA.0
        {
            let new = given.get(EXTRA.0).unwrap_or(&Value::Null);
            extra.retain(|(name, _)| stays(name) && new.get(name).is_none());
        }
    }
    still.retain(|(name, _)| name == EXTRA.0 || stays(name));
    still
}

/// The results of a row: a list as it is; of an object each result, beside the other results of the known call.
fn with_results(given: Value, known: &Value) -> Value {
    let Value::Object(single) = given else { return given };
    let mut results = match known.get(name_of(field::RESULTS)) {
        Some(Value::List(results)) => results.clone(),
        _ => Vec::new(),
    };
    for (name, value) in single {
        let name = ("name".to_owned(), Value::Text(name));
        results.retain(|known| known.get("name") != Some(&name.1));
        results.push(Value::Object(vec![name, ("value".to_owned(), value)]));
    }
    Value::List(results)
}
