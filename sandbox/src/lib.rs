//! A pretend BYRobot.
