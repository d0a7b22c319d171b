//! Named as the Python package was, so that the keys of its `credentials.yml` go on working.

mod custom_channel;
