//! The vendor's names in a page of rows, and the small objects that kinds of fields name.

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

/// An object that is read as a whole, for the TypeScript reader.
#[cfg(not(target_arch = "wasm32"))]
#[derive(Debug)]
pub struct Shape {
    /// Its name in TypeScript.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Name, type and meaning of its fields.
    pub fields: &'static [(&'static str, &'static str, &'static str)],
    /// What stands under `extra`, if there is that.
    pub extra: Option<&'static str>,
}

/// The objects that are read as a whole.
#[cfg(not(target_arch = "wasm32"))]
pub static SHAPES: [Shape; 4] = [
    Shape {
        name: "Page<T>",
        about: "A page of rows.",
        fields: &[
            (
                NUMBER,
                "number",
                "Number of the page, from 1; 0 in some empty answers. Where the server leaves it out, the one that was asked for.",
            ),
            (
                SIZE,
                "number",
                "Rows of a full page. Where the server leaves it out, the size that was asked for.",
            ),
            (TOTAL, "number | null", "Rows in all; `null` where the server leaves it out."),
            (PAGES, "number | null", "Pages in all; `null` where the server leaves it out."),
            (ROWS, "T[]", "The rows."),
        ],
        extra: Some(
            "What else the server says of the page: `size`, `orderBy`, `startRow`, `endRow`. The vendor's examples disagree about the last two.",
        ),
    },
    Shape {
        name: "NamedValue",
        about: "A result of a call and its value: 客户意向等级 and A级(较强) for instance.",
        fields: &[
            ("name", "string", "Name of the result. Vendor: `name`."),
            ("value", "string", "Its value. Vendor: `value`."),
        ],
        extra: None,
    },
    Shape {
        name: "NamedCount",
        about: "A name with a count: a bar of `durationStat`, `chatRoundStat` or `extraStat`.",
        fields: &[
            ("name", "string", "Display text of the vendor. Vendor: `name`."),
            ("value", "number", "Calls. Vendor: `value`."),
        ],
        extra: None,
    },
    Shape {
        name: "ResultDefinition",
        about: "A result that a script can give, an item of `resultDefs`.",
        fields: &[
            ("name", "string", "Name of the result, 客户意向等级 for instance. Vendor: `name`."),
            ("values", "string[]", "Its possible values. Vendor: `values`."),
        ],
        extra: None,
    },
];
