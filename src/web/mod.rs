//! Every browser call stands in this module.
