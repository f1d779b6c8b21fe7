;; The test kit: groups, checks, failures, virtual time.
;; expect: FAILED arithmetic: (+ 1 2) is 3, expected 4
;; expect: FAILED arithmetic: inner: (car 5) raised #<condition wrong-type "car: wrong type of argument" (5)>
;; expect: FAILED arithmetic: inner: 5 raised nothing
;; expect: FAILED arithmetic: raised out
;; expect: first
;; expect: second
;; expect: third #t
;; expect: 5 passed, 4 failed
;; exit: 1
;; Lines without the names of files and the numbers in front of FAILED.
(define (print-without-places text)
  (let loop ((chars (string->list text)) (skips #t))
    (cond ((null? chars) 'done)
          ((and skips (not (char=? (car chars) #\F))) (loop (cdr chars) #t))
          (else (display (car chars)) (loop (cdr chars) (char=? (car chars) #\newline))))))

(define (failures)
  (test-group "arithmetic"
    (check (= 1 1))
    (check (+ 1 2) => 3)
    (check (+ 1 2) => 4)
    (test-group "inner"
      (check (car 5))
      (check-raises (car 5) wrong-type-error?)
      (check-raises 5)
      (check 1.0001 (=> (lambda (a b) (< (abs (- a b)) 0.01))) 1))
    (raise 'out)))

(define (main)
  (let ((port (open-output-string)))
    (parameterize ((current-output-port port)) (failures))
    (print-without-places (get-output-string port)))
  (use-virtual-time! #f)
  (let ((start (current-second)) (before (current-jiffy)))
    (with-virtual-time
      (lambda ()
        (spawn (lambda () (thread-sleep! 1000) (print "second")))
        (spawn (lambda () (thread-sleep! 500) (print "first")))
        (thread-sleep! 3600)
        (print "third " (>= (- (current-jiffy) before) (* 3600 (jiffies-per-second))))))
    (check (< (- (current-second) start) 60)))
  (test-exit))
