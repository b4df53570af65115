//! Lists that move while they are read: walks and synchronisation against a vendor whose rows come,
//! go, move and change between any two answers.

mod drift;
mod vendor;
mod waits;
mod walks;
mod worlds;
