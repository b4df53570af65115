//! Ingesting bodies and rows into a table, and the general path.
//!
//! The fast path (`fast_body.rs`) reads a body first. If it cannot, the general path reads the whole body again:
//! JSON values, then the model. So the error of a body that is not an answer is the error of the client.
//! Not here: the fast path, rows of a program (`call_rows.rs`).

use std::cell::RefCell;
use std::rc::Rc;

use super::call_rows::CallRows;
use super::fast_body;
use super::ingestion::Ingest;
use super::oddities::Oddities;
use super::report::IngestReport;
use crate::decode::{Envelope, Path};
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Flaw, JsonReader, MAX_DEPTH, Malformed, PARSED, Value};
use crate::memory::{out_of_memory, reserve};
use crate::schema::envelope::SUCCESS;
use crate::schema::{field, page};
use crate::table::record::Record;
use crate::table::{Table, Upsert};

/// The path to the rows of an answer.
const ROWS: &str = "data.list";

impl Table {
    /// Ingests the body of an answer of `queryDoneTaskPhones`: all rows, or none after an error.
    ///
    /// # Errors
    /// `not_json`, `unexpected_shape` or the vendor's refusal, as from the client; `invalid_argument` for too many
    /// rows; `out_of_memory`.
    pub fn ingest_body(&mut self, body: &[u8]) -> Result<IngestReport> {
        self.ingest(|ingest| ingest.body(body))
    }

    /// Ingests rows of a program: all rows, or none after an error. An empty table takes the columns of the rows over.
    ///
    /// # Errors
    /// `invalid_argument` for too many rows; `out_of_memory`.
    pub fn ingest_rows(&mut self, rows: CallRows) -> Result<IngestReport> {
        let CallRows { columns, oddities, .. } = rows;
        let oddities = oddities.counts(None);
        if self.is_empty() && columns.index.len() == columns.len() {
            let mut report = IngestReport { oddities, ..IngestReport::default() };
            report.rows.try_reserve(columns.len()).map_err(|_| out_of_memory())?;
            for row in 0..columns.len() {
                let id = columns.integers(field::ID).value(row).unwrap_or_default();
                report.count(id, Upsert::Added);
            }
            self.columns = Rc::new(RefCell::new(columns));
            self.revision = self.revision.wrapping_add(1);
            return Ok(report);
        }
        let report = self.ingest(|ingest| {
            for row in 0..columns.len() {
                columns.record(row, &mut ingest.record);
                ingest.upsert()?;
            }
            Ok(())
        })?;
        Ok(IngestReport { oddities, ..report })
    }

    /// Runs an ingest as a transaction, and returns its report.
    fn ingest(&mut self, read: impl FnOnce(&mut Ingest) -> Result<()>) -> Result<IngestReport> {
        let report = self.transaction(|columns| {
            let mut ingest = Ingest {
                columns,
                record: Record::new(),
                report: IngestReport::default(),
                oddities: Oddities::of_list(ROWS),
                rows: 0,
                not_utf8: None,
            };
            read(&mut ingest)?;
            Ok(IngestReport { oddities: ingest.oddities.counts(ingest.not_utf8), ..ingest.report })
        })?;
        self.revision = self.revision.wrapping_add(report.added + report.updated + report.renewed);
        Ok(report)
    }
}

impl Ingest<'_> {
    /// Reads a body by the fast path, or else by the general path.
    fn body(&mut self, body: &[u8]) -> Result<()> {
        let before = self.columns.len();
        if fast_body::read(self, body).is_some() {
            return Ok(());
        }
        if self.columns.len() > before {
            self.columns.truncate(before);
        }
        (self.report, self.oddities, self.rows) =
            (IngestReport::default(), Oddities::of_list(ROWS), 0);
        reserve(PARSED.saturating_mul(body.len()))?;
        let mut reader = JsonReader::new(body);
        let parsed = reader.whole().map_err(|malformed| not_json(body, malformed))?;
        self.not_utf8 = reader.not_utf8;
        self.general_body(parsed).map_err(|error| match reader.too_deep {
            Some(_) if error.kind == ErrorKind::UnexpectedShape => error.with(|error| {
                let depth = format!("; the body is nested more than {MAX_DEPTH} deep");
                error.message.push_str(&depth);
            }),
            _ => error,
        })
    }

    /// Reads a body by the general path.
    fn general_body(&mut self, parsed: Value) -> Result<()> {
        let data = data_of(parsed)?;
        let at = Path::root("data");
        let number = |name| data.get(name).and_then(crate::decode::integer_of);
        (self.report.total, self.report.page_size) = (number(page::TOTAL), number(page::SIZE));
        let rows = match (&data, data.get(page::ROWS)) {
            (Value::List(rows), _) => self.page(rows, &at),
            (_, Some(Value::List(rows))) => self.page(rows, &at.field(page::ROWS)),
            (Value::Object(_), None | Some(Value::Null)) if self.report.total == Some(0) => Ok(()),
            (Value::Object(_), list) => {
                Err(at.field("list").expected("an array", list.unwrap_or(&Value::Null)))
            }
            _ => Err(at.expected("a page", &data)),
        };
        rows.map_err(of_ingest)
    }

    /// Reads the rows of a page by the model.
    fn page(&mut self, rows: &[Value], at: &Path) -> Result<()> {
        for (index, row) in rows.iter().enumerate() {
            self.row(row, &at.index(index))?;
        }
        Ok(())
    }
}

/// The data of an answer.
fn data_of(body: Value) -> Result<Value> {
    let Some(envelope) = Envelope::open(body) else {
        return Err(of_ingest(Error::unexpected_shape(
            "code",
            "the body is not an answer of the vendor",
        )));
    };
    match envelope.code {
        Some(SUCCESS) if envelope.data == Value::Null => {
            Err(of_ingest(Error::unexpected_shape("data", "code is 200, but there is no data")))
        }
        Some(SUCCESS) => Ok(envelope.data),
        None => Err(of_ingest(Error::unexpected_shape(
            "code",
            "the body is JSON without the vendor's code; is it an answer of queryDoneTaskPhones?",
        ))),
        Some(code) => {
            let kind = ErrorKind::from_vendor_code(code).unwrap_or(ErrorKind::Vendor);
            let message = format!("the body is a refusal by the server, vendor code {code}");
            Err(of_ingest(Error::new(kind, message)).with(|error| error.vendor_code = Some(code)))
        }
    }
}

/// The error for a body that is not JSON.
fn not_json(body: &[u8], malformed: Malformed) -> Box<Error> {
    let length = body.len();
    let message = match malformed {
        _ if body.trim_ascii().is_empty() => "the body is empty".to_owned(),
        Malformed { offset, flaw: Flaw::Syntax } => {
            format!("the body is not JSON: it goes wrong at byte {offset} of {length}")
        }
        Malformed { .. } => format!("the body is cut off after {length} bytes"),
    };
    of_ingest(Error::new(ErrorKind::NotJson, message))
}

/// The error with `ingest: ` before its message.
fn of_ingest(error: Box<Error>) -> Box<Error> {
    error.with(|error| error.message = format!("ingest: {}", error.message))
}
