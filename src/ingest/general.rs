//! Response bodies and rows into columns.
//!
//! A body is read twice over only where it has to be: [`super::wire`] reads what is spelt plainly
//! straight into the columns, and a row that is not goes the way of the models, here. A body that
//! is no answer at all goes that way as a whole, so that its error is the one the client would give.

use super::call_rows::CallRows;
use super::fast_body;
use super::oddities::Oddities;
use super::report::IngestReport;
use crate::decode::{Envelope, Path};
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Flaw, JsonReader, MAX_DEPTH, Malformed, PARSED, Value};
use crate::memory::{out_of_memory, reserve};
use crate::schema::field;
use crate::schema::{DONE_CALL, page};
use crate::table::batch::Batch;
use crate::table::record::Record;
use crate::table::{CallColumns, MOST_ROWS, Table};

/// An ingest under way.
pub(super) struct Ingest<'a> {
    pub(super) columns: &'a mut CallColumns,
    pub(super) record: Record,
    pub(super) report: IngestReport,
    pub(super) oddities: Oddities,
    /// Rows so far, of this ingest.
    pub(super) rows: usize,
    /// Where the first bytes of the body are that are not UTF-8.
    pub(super) not_utf8: Option<usize>,
}

impl Table {
    /// Takes in the body of an answer of `queryDoneTaskPhones`. All of it, or on an error nothing.
    ///
    /// # Errors
    /// `not_json`, `unexpected_shape` or the vendor's refusal, as the client has them.
    pub fn ingest_body(&mut self, body: &[u8]) -> Result<IngestReport> {
        self.ingest(|ingest| ingest.body(body))
    }

    /// Takes in rows of a program's. All, or on an error none.
    ///
    /// # Errors
    /// `invalid_argument` when there are too many.
    pub fn ingest_rows(&mut self, rows: &CallRows) -> Result<IngestReport> {
        self.ingest(|ingest| {
            for row in 0..rows.columns.len() {
                rows.columns.record(row, &mut ingest.record);
                ingest.put()?;
            }
            Ok(())
        })
    }

    fn ingest(&mut self, read: impl FnOnce(&mut Ingest) -> Result<()>) -> Result<IngestReport> {
        let report = self.transaction(|columns| {
            let mut ingest = Ingest {
                columns,
                record: Record::new(),
                report: IngestReport::default(),
                oddities: Oddities::default(),
                rows: 0,
                not_utf8: None,
            };
            read(&mut ingest)?;
            Ok(IngestReport { oddities: ingest.oddities.counts(ingest.not_utf8), ..ingest.report })
        })?;
        self.revision = self.revision.wrapping_add(report.added + report.updated);
        Ok(report)
    }
}

impl Ingest<'_> {
    fn body(&mut self, body: &[u8]) -> Result<()> {
        let before = self.columns.len();
        if fast_body::read(self, body).is_some() {
            return Ok(());
        }
        if self.columns.len() > before {
            self.columns.truncate(before);
        }
        (self.report, self.oddities, self.rows) = (IngestReport::default(), Oddities::default(), 0);
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

    /// A body by the general path, the models.
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
        rows.map_err(named)
    }

    fn page(&mut self, rows: &[Value], at: &Path) -> Result<()> {
        for (index, row) in rows.iter().enumerate() {
            self.row(row, &at.index(index))?;
        }
        Ok(())
    }

    /// A row as the vendor sends it, the way of the model.
    pub(super) fn row(&mut self, sent: &Value, at: &Path) -> Result<()> {
        let read = DONE_CALL.read(sent, at)?;
        self.oddities.of_row(sent, &read, self.rows);
        self.record.fill(&read);
        self.put()
    }

    /// Puts the record in.
    fn put(&mut self) -> Result<()> {
        self.report.rows.try_reserve(1).map_err(|_| out_of_memory())?;
        let put = self.columns.upsert_one(&self.record)?;
        if let Some(id) = self.record.get(field::ID).integer() {
            self.report.count(id, put);
        }
        self.rows += 1;
        Ok(())
    }

    /// Puts a batch of rows in, which have been counted. `None` where there may be no room for all.
    pub(super) fn put_all(&mut self, batch: &mut Batch, body: &[u8]) -> Option<()> {
        if self.columns.len() + batch.len() > MOST_ROWS {
            return None;
        }
        self.columns.reserve(batch.text_bytes(self.columns)).ok()?;
        self.report.rows.try_reserve(batch.len()).ok()?;
        let report = &mut self.report;
        let done = |id, put| report.count(id, put);
        self.columns.upsert_batch(batch, &mut self.record, body, done);
        Some(())
    }
}

/// The data of an answer's body.
fn data_of(body: Value) -> Result<Value> {
    let Some(envelope) = Envelope::open(body) else {
        return Err(named(Error::unexpected_shape(
            "code",
            "the body is not an answer of the vendor's",
        )));
    };
    match envelope.code {
        Some(200) if envelope.data == Value::Null => {
            Err(named(Error::unexpected_shape("data", "code is 200, but there is no data")))
        }
        Some(200) => Ok(envelope.data),
        None => Err(named(Error::unexpected_shape(
            "code",
            "the body is JSON without the vendor's code; is it an answer of queryDoneTaskPhones?",
        ))),
        Some(code) => {
            let kind = ErrorKind::of_vendor_code(code).unwrap_or(ErrorKind::Vendor);
            let message = format!("the body is a refusal of the server's, vendor code {code}");
            Err(named(Error::new(kind, message)).with(|error| error.vendor_code = Some(code)))
        }
    }
}

fn not_json(body: &[u8], malformed: Malformed) -> Box<Error> {
    let length = body.len();
    let message = match malformed {
        _ if body.trim_ascii().is_empty() => "the body is empty".to_owned(),
        Malformed { offset, flaw: Flaw::Syntax } => {
            format!("the body is not JSON: it goes wrong at byte {offset} of {length}")
        }
        Malformed { .. } => format!("the body is cut off after {length} bytes"),
    };
    named(Error::new(ErrorKind::NotJson, message))
}

/// The error as one of `ingest`.
fn named(error: Box<Error>) -> Box<Error> {
    error.with(|error| error.message = format!("ingest: {}", error.message))
}
