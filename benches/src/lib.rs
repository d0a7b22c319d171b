//! What the measurements share: the connector, generated and by hand, a load driver, and the arithmetic.

pub mod bare;
pub mod build;
pub mod connector;
pub mod figures;
pub mod fill;
pub mod load;
pub mod process;
