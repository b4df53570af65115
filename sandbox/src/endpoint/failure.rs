//! The refusal of an endpoint: the code and message of the vendor, and the argument or header at fault.

/// Why an endpoint does not answer.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(super) code: u32,
    pub(super) message: &'static str,
    /// The argument or header at fault.
    pub(super) culprit: String,
}

impl Failure {
    pub(crate) fn unauthorized(culprit: &str) -> Self {
        Self { code: 401, message: "校验数据错误", culprit: culprit.to_owned() }
    }
    pub(crate) fn forbidden(culprit: &str) -> Self {
        Self { code: 403, message: "权限不足", culprit: culprit.to_owned() }
    }
    pub(crate) fn not_found(culprit: &str) -> Self {
        Self { code: 404, message: "资源未找到", culprit: culprit.to_owned() }
    }
    pub(crate) fn clock(culprit: &str) -> Self {
        Self { code: 408, message: "时间选择不对", culprit: culprit.to_owned() }
    }
    pub(crate) fn parameter(culprit: &str) -> Self {
        Self { code: 412, message: "参数错误", culprit: culprit.to_owned() }
    }
    pub(crate) fn unknown() -> Self {
        Self {
            code: 500, message: "未知错误", culprit: "java.lang.NullPointerException".into()
        }
    }
}
