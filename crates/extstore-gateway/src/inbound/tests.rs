//! Responses on their way down, through the gateway's door.
