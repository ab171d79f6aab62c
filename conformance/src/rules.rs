//! The rules that the cases prove. `docs/rules.md` shows them as a table, and a test compares the two.
