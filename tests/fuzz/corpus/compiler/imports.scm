(import) (import (scheme base) (only (scheme base) nope) (rename (a b) (c d)) (prefix (scheme write) w:)) (define-library (x) (export y)) (import (x))
