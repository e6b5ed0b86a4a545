//! Loading, case by case.
