;; Choosing a message by a predicate (paper, section 4.2).
;; expect: 1
;; expect: 3
;; expect: 2
(! (self) 1)
(! (self) 2)
(! (self) 3)
(print (?))
(print (?? odd?))
(print (?))
