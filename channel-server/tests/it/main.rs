//! What channel-server promises, through its public interface.

mod credentials;
