//! The vendor's names in a page of rows, and the small objects that kinds of fields name.
//! Those are structs, for tsify to declare them; nothing is read into them.

#[cfg(not(target_arch = "wasm32"))]
use tsify::Tsify;

/// Number of the page, from 1.
pub const NUMBER: &str = "pageNum";
/// Rows of a full page.
pub const SIZE: &str = "pageSize";
/// Rows in all.
pub const TOTAL: &str = "total";
/// Pages in all.
pub const PAGES: &str = "pages";
/// The rows.
pub const ROWS: &str = "list";

/// A page of rows.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Tsify)]
#[tsify(missing_as_null)]
pub struct Page<T> {
    /// Number of the page, from 1; 0 in some empty answers. Where the server leaves it out, the one that was asked for.
    #[serde(rename = "pageNum")]
    pub number: u64,
    /// Rows of a full page. Where the server leaves it out, the size that was asked for.
    #[serde(rename = "pageSize")]
    pub size: u64,
    /// Rows in all; `null` where the server leaves it out.
    pub total: Option<u64>,
    /// Pages in all; `null` where the server leaves it out.
    pub pages: Option<u64>,
    /// The rows.
    pub list: Vec<T>,
    /// What else the server says of the page: `size`, `orderBy`, `startRow`, `endRow`. The vendor's examples disagree about the last two.
    #[tsify(optional, type = "Record<string, unknown>")]
    pub extra: (),
}

/// A result of a call and its value: 客户意向等级 and A级(较强) for instance.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Tsify)]
pub struct NamedValue {
    /// Name of the result. Vendor: `name`.
    pub name: String,
    /// Its value. Vendor: `value`.
    pub value: String,
}

/// A name with a count: a bar of `durationStat`, `chatRoundStat` or `extraStat`.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Tsify)]
pub struct NamedCount {
    /// Display text of the vendor. Vendor: `name`.
    pub name: String,
    /// Calls. Vendor: `value`.
    pub value: u64,
}

/// A result that a script can give, an item of `resultDefs`.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Tsify)]
pub struct ResultDefinition {
    /// Name of the result, 客户意向等级 for instance. Vendor: `name`.
    pub name: String,
    /// Its possible values. Vendor: `values`.
    pub values: Vec<String>,
}

/// The declarations of the objects above, which are read as a whole.
#[cfg(not(target_arch = "wasm32"))]
pub const SHAPES: [&str; 4] =
    [Page::<()>::DECL, NamedValue::DECL, NamedCount::DECL, ResultDefinition::DECL];
