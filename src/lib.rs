//! byrobot-calls.
