//! The vendor's names in a page of rows, and the small objects that are values of fields.
//! These objects are structs only because tsify declares structs for TypeScript; no value is read into them.

#[cfg(not(target_arch = "wasm32"))]
use tsify::Tsify;

/// Number of the page, counted from 1.
pub const NUMBER: &str = "pageNum";
/// Rows of a full page.
pub const SIZE: &str = "pageSize";
/// Rows of the whole list.
pub const TOTAL: &str = "total";
/// Pages of the whole list.
pub const PAGES: &str = "pages";
/// The rows of the page.
pub const ROWS: &str = "list";

/// A page of rows.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Tsify)]
#[tsify(missing_as_null)]
pub struct Page<T> {
    /// Number of the page, from 1; 0 in some empty answers. If the server leaves it out, the requested number.
    #[serde(rename = "pageNum")]
    pub number: u64,
    /// Rows of a full page. If the server leaves it out, the requested size.
    #[serde(rename = "pageSize")]
    pub size: u64,
    /// Rows of the whole list; `null` if the server leaves it out.
    pub total: Option<u64>,
    /// Pages of the whole list; `null` if the server leaves it out.
    pub pages: Option<u64>,
    /// The rows.
    pub list: Vec<T>,
    /// Other fields of the page: `size`, `orderBy`, `startRow`, `endRow`. The vendor's examples disagree about the last two.
    #[tsify(optional, type = "Record<string, unknown>")]
    pub extra: (),
}

/// A result of a call and its value, for instance 客户意向等级 and A级(较强).
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Tsify)]
pub struct NamedValue {
    /// Name of the result. Vendor: `name`.
    pub name: String,
    /// Its value. Vendor: `value`.
    pub value: String,
}

/// A name with a count, a bar of `durationStat`, `chatRoundStat` or `extraStat`.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Tsify)]
pub struct NamedCount {
    /// Display text of the vendor. Vendor: `name`.
    pub name: String,
    /// Number of calls. Vendor: `value`.
    pub value: u64,
}

/// A result that a script can give, an item of `resultDefs`.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug, Tsify)]
pub struct ResultDefinition {
    /// Name of the result, for instance 客户意向等级. Vendor: `name`.
    pub name: String,
    /// Its possible values. Vendor: `values`.
    pub values: Vec<String>,
}

/// The TypeScript declarations of the objects above.
#[cfg(not(target_arch = "wasm32"))]
pub const SHAPES: [&str; 4] =
    [Page::<()>::DECL, NamedValue::DECL, NamedCount::DECL, ResultDefinition::DECL];
