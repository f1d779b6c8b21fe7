;;; first.scm: in front of the library of programs that hop: what stands for `recv`, in the programs and in the library.

;; Goes on to the next stop before it looks for a message.
(define-syntax hrcv
  (syntax-rules ()
    ((_ clause ...) (begin (%hop) (recv clause ...)))))
