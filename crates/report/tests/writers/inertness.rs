//! Whatever inputs are called, what comes out is plain text.
use interdict_report::{Look, WRITERS, inert};

use crate::sample::hostile;
use crate::written;

#[test]
fn no_writer_lets_a_control_character_out() {
    for writer in WRITERS {
        // Only the table looks at its look.
        let looks = if writer.id == "table" { &[(40, 2), (80, 0), (120, 1)][..] } else { &[(80, 0)] };
        for &(width, verbose) in looks {
            let out = written(writer, &hostile(), &Look { width, color: false, verbose });
            // RFC 4180 ends a row so, and our writer quotes every cell: the only place it can stand is the row's end.
            let end = if writer.extension == "csv" { "\r\n" } else { "\n" };
            for (at, line) in out.split(end).enumerate() {
                let shown = inert(line);
                assert_eq!(shown, line, "{} line {}", writer.id, at + 1);
            }
        }
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    for writer in WRITERS {
        let plain = written(writer, &hostile(), &Look { width: 80, color: false, verbose: 1 });
        let mut coloured = written(writer, &hostile(), &Look { width: 80, color: true, verbose: 1 });
        for code in ["0", "1", "2", "1;31", "1;33", "36", "1;32"] {
            coloured = coloured.replace(&format!("\x1b[{code}m"), "");
        }
        assert_eq!(coloured, plain, "{}", writer.id);
    }
}
