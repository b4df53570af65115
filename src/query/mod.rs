//! Questions asked of columns. Every number is defined once, here. Not here: how calls get into the
//! columns (`table/`).
