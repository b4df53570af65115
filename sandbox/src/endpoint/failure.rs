//! The refusal of an endpoint: the code and message of the vendor, and the argument or header at fault.

/// The reason of a refusal.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(super) code: u32,
    pub(super) message: &'static str,
    /// The argument or header at fault.
    pub(super) cause: String,
}

impl Failure {
    pub(crate) fn unauthorized(cause: &str) -> Self {
        Self { code: 401, message: "校验数据错误", cause: cause.to_owned() }
    }
    pub(crate) fn forbidden(cause: &str) -> Self {
        Self { code: 403, message: "权限不足", cause: cause.to_owned() }
    }
    pub(crate) fn not_found(cause: &str) -> Self {
        Self { code: 404, message: "资源未找到", cause: cause.to_owned() }
    }
    pub(crate) fn clock(cause: &str) -> Self {
        Self { code: 408, message: "时间选择不对", cause: cause.to_owned() }
    }
    pub(crate) fn parameter(cause: &str) -> Self {
        Self { code: 412, message: "参数错误", cause: cause.to_owned() }
    }
    pub(crate) fn unknown() -> Self {
        Self { code: 500, message: "未知错误", cause: "java.lang.NullPointerException".into() }
    }
}
