//! The finished calls of a table as columns, one for each field of the model, and reading them.
//!
//! Rows are only appended. A changed call becomes a new row, which supersedes the old one; a set of rows that was
//! selected before still has the old values.
//! Not here: writing rows (`upsert.rs`), a row as JSON (`record.rs`).

use crate::columns::bitmap::Bitmap;
use crate::columns::dictionary::Dictionary;
use crate::columns::id_map::IdMap;
use crate::columns::integers::Integers;
use crate::columns::utf8::Texts;
use crate::schema::{DONE_CALL, Field, FieldKind, Holds, field};
use crate::sort::sorted;

/// The calls of a table, or of a view that keeps older columns.
#[derive(Debug, Clone)]
pub struct CallColumns {
    /// A column for each field of the model, in the model's order.
    pub(crate) fields: Vec<FieldColumn>,
    /// For each row what its columns cannot represent: a JSON object or nothing.
    pub(crate) overflow: Texts,
    /// The last row of each call, by id.
    pub(crate) index: IdMap,
    /// The last row of each call, as a set.
    pub(crate) live: Bitmap,
    /// Rows that superseded an earlier row, ascending, each with the first row of its call.
    pub(crate) superseded: Vec<(u32, u32)>,
    /// The intent level of each code of the results: 0 for none, 1–6 for A–F.
    pub(crate) levels: Vec<u8>,
}

/// The column of one field.
#[derive(Debug, Clone)]
pub(crate) enum FieldColumn {
    /// Has no storage: derived from another column.
    Derived,
    /// Numbers, codes of the vendor, instants.
    Integers(Integers),
    /// A text for each row.
    Texts(Texts),
    /// Repeated texts: a dictionary, and its code for each row.
    Coded(Dictionary, Integers),
}

impl FieldColumn {
    /// An empty column for a field.
    pub(crate) fn of(field: &Field) -> Self {
        match field.kind {
            FieldKind::EpochMs => Self::Derived,
            FieldKind::WallTime => Self::Integers(Integers::of_instants()),
            FieldKind::NamedValues => Self::Coded(Dictionary::default(), Integers::new()),
            FieldKind::Text | FieldKind::OptionalText if repeats(field.holds) => {
                Self::Coded(Dictionary::default(), Integers::new())
            }
            FieldKind::Text | FieldKind::OptionalText => Self::Texts(Texts::default()),
            FieldKind::Id | FieldKind::OptionalId | FieldKind::Integer | FieldKind::Seconds => {
                Self::Integers(Integers::new())
            }
            // No column can represent these: their values are in the row's overflow.
            FieldKind::Flag
            | FieldKind::Raw
            | FieldKind::Counts
            | FieldKind::ResultDefinitions
            | FieldKind::Stats
            | FieldKind::List(_)
            | FieldKind::OptionalList(_)
            | FieldKind::Object(_)
            | FieldKind::ObjectOrEmpty(_) => Self::Integers(Integers::new()),
        }
    }
}

/// Whether a text occurs in many rows: names that the account gave do, data of one customer do not.
const fn repeats(holds: Holds) -> bool {
    match holds {
        Holds::Name | Holds::Line | Holds::Instant | Holds::Code(_) => true,
        Holds::Id
        | Holds::Count
        | Holds::Money
        | Holds::Phone
        | Holds::Person
        | Holds::Speech
        | Holds::Link
        | Holds::Internal => false,
    }
}

impl CallColumns {
    pub(crate) fn new() -> Self {
        Self {
            fields: DONE_CALL.fields.iter().map(FieldColumn::of).collect(),
            overflow: Texts::default(),
            index: IdMap::default(),
            live: Bitmap::default(),
            superseded: Vec::new(),
            levels: Vec::new(),
        }
    }

    /// The number of rows, superseded ones included.
    pub(crate) const fn len(&self) -> usize {
        self.live.len()
    }

    /// The last row of each call.
    pub(crate) const fn live(&self) -> &Bitmap {
        &self.live
    }

    /// The numbers of a field, or the dictionary codes of its texts; an empty column for any other field.
    pub(crate) fn integers(&self, field: usize) -> &Integers {
        static NONE: Integers = Integers::new();
        match self.fields.get(field) {
            Some(FieldColumn::Integers(integers) | FieldColumn::Coded(_, integers)) => integers,
            _ => &NONE,
        }
    }

    /// The dictionary of a field; `None` for a field without one.
    pub(crate) fn dictionary(&self, field: usize) -> Option<&Dictionary> {
        match self.fields.get(field) {
            Some(FieldColumn::Coded(dictionary, _)) => Some(dictionary),
            _ => None,
        }
    }

    /// The column of texts of a field; `None` for any other field.
    pub(crate) fn texts(&self, field: usize) -> Option<&Texts> {
        match self.fields.get(field) {
            Some(FieldColumn::Texts(texts)) => Some(texts),
            _ => None,
        }
    }

    /// The text of a field in a row, UTF-8; `None` if absent.
    pub(crate) fn bytes(&self, field: usize, row: usize) -> Option<&[u8]> {
        match self.fields.get(field)? {
            FieldColumn::Texts(texts) => texts.get(row),
            FieldColumn::Coded(dictionary, codes) => {
                dictionary.texts().get(usize::try_from(codes.value(row)?).ok()?)
            }
            _ => None,
        }
    }

    /// The text of a field in a row; `None` if absent.
    pub(crate) fn text(&self, field: usize, row: usize) -> Option<&str> {
        str::from_utf8(self.bytes(field, row)?).ok()
    }

    /// The intent level of each code of the results: 0 for none, 1–6 for A–F.
    pub(crate) fn levels(&self) -> &[u8] {
        &self.levels
    }

    /// What the columns cannot represent of a row: a JSON object or nothing.
    pub(crate) fn overflow(&self, row: usize) -> Option<&str> {
        self.overflow.text(row)
    }

    /// The last row of a call.
    pub(crate) fn find(&self, call_instance_id: i64) -> Option<usize> {
        self.index.find(call_instance_id, self.integers(field::ID))
    }

    /// The rows of a set in the order in which their calls were first added.
    pub(crate) fn in_order(&self, rows: &Bitmap) -> Vec<u32> {
        let mut order = Vec::with_capacity(rows.count());
        let number = |row: usize| u32::try_from(row).ok();
        let moved = self.superseded.iter().copied().filter(|(row, _)| rows.get(*row as usize));
        let moved: Vec<(u32, u32)> = moved.collect();
        let mut moved = sorted(&moved, |one, other| one.1.cmp(&other.1)).into_iter().peekable();
        // All other rows are in order already.
        for row in rows.iter().filter_map(number).filter(|row| self.first_row(*row) == *row) {
            while let Some((earlier, _)) = moved.next_if(|(_, first_row)| *first_row < row) {
                order.push(earlier);
            }
            order.push(row);
        }
        order.extend(moved.map(|(row, _)| row));
        order
    }

    /// The number of rows that superseded another.
    pub(crate) const fn replaced(&self) -> usize {
        self.superseded.len()
    }

    /// Whether all rows are in the order in which their calls were first added.
    pub(crate) fn is_in_order(&self) -> bool {
        self.superseded.is_empty()
    }

    /// The first row of a row's call.
    pub(crate) fn first_row(&self, row: u32) -> u32 {
        let found = self.superseded.binary_search_by_key(&row, |(row, _)| *row).ok();
        found.and_then(|index| self.superseded.get(index)).map_or(row, |(_, first_row)| *first_row)
    }

    /// Bytes of memory: of numbers and codes, of texts, of the index.
    #[must_use]
    pub fn sizes(&self) -> [usize; 3] {
        let mut sizes =
            [self.live.size() + self.superseded.capacity() * 8, self.overflow.size(), 0];
        for column in &self.fields {
            let [numbers, texts, _] = &mut sizes;
            match column {
                FieldColumn::Derived => {}
                FieldColumn::Integers(integers) => *numbers += integers.size(),
                FieldColumn::Texts(column) => *texts += column.size(),
                FieldColumn::Coded(dictionary, codes) => {
                    *numbers += codes.size();
                    *texts += dictionary.size();
                }
            }
        }
        sizes[2] = self.index.size();
        sizes
    }

    /// Bytes that a query may need, without those of a sort.
    pub(crate) fn room_for_questions(&self) -> usize {
        (2 << 20) + self.len()
    }

    /// Bytes of all dictionaries.
    pub(crate) fn dictionaries(&self) -> usize {
        let size = |field| self.dictionary(field).map_or(0, Dictionary::size);
        (0..self.fields.len()).map(size).sum()
    }

    /// The approximate bytes of a row in text form.
    pub(crate) fn weight(&self, row: usize) -> usize {
        let text = |index| self.bytes(index, row).map_or(0, <[u8]>::len);
        let texts = (0..self.fields.len()).map(text).sum::<usize>();
        1000 + texts + self.overflow.get(row).map_or(0, <[u8]>::len)
    }
}
