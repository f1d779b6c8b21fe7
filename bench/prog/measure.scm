;;; How a benchmark measures itself, in portable Scheme: the sequential programs
;;; of this folder are also the ones that Chez and Gambit run.
;;;
;;; Output, read by bench/harness/measure.py: one line `metric nanoseconds operations result`.

;; (measure metric repeats operations thunk): the time of `repeats` calls of
;; `thunk`, each of which counts for `operations`.
(define (measure metric repeats operations thunk)
  (let ((start (current-jiffy)))
    (let loop ((i 1))
      (let ((result (thunk)))
        (if (< i repeats)
            (loop (+ i 1))
            (report metric (- (current-jiffy) start) (* repeats operations) result))))))

(define (report metric jiffies operations result)
  (for-each display
            (list metric " " (quotient (* jiffies 1000000000) (jiffies-per-second)) " " operations " " result))
  (newline))
