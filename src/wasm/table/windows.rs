//! Windows of calls: their options, and their rows as objects of JavaScript.

use js_sys::Array;
use wasm_bindgen::prelude::*;

use super::questions;
use crate::compute::Order;
use crate::error::Result;
use crate::json::Value;
use crate::wasm::plain::{from_js, value_to_js};

/// Takes some rows of a window.
type TakeRows<'a> = &'a mut dyn FnMut(Vec<Value>) -> Result<()>;

/// Reads a window by its offset, limit and order.
type ReadWindow<'a> = &'a mut dyn FnMut(usize, usize, Option<Order>, TakeRows) -> Result<()>;

/// Reads the options of a window, and converts its calls piece by piece: a text of JavaScript has at most 2^29
/// characters.
pub(super) fn rows_to_js(options: &JsValue, read: ReadWindow) -> Result<Array> {
    let (offset, limit, order) = questions::window(&from_js(options, "options")?)?;
    let mut all: Option<Array> = None;
    read(offset, limit, order, &mut |rows| {
        let rows: Array = value_to_js(&Value::List(rows))?.unchecked_into();
        match &all {
            None => all = Some(rows),
            Some(all) => {
                for row in rows.iter() {
                    all.push(&row);
                }
            }
        }
        Ok(())
    })?;
    Ok(all.unwrap_or_default())
}
