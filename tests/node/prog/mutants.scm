;; Sends code of many shapes to a node that is none: the test keeps the bytes, changes
;; them, and sends them to a node that serves this program.
(define (echo)
  (recv
    ((from tag x) (where (pid? from)) (! from (list tag x)))
    (_ #f))
  (echo))

(publish-service 'echo (spawn echo))

(define-record-type point (make-point x y) point? (x point-x) (y point-y))

(define (deep n k)
  (if (= n 0)
      (call/cc k)
      (+ 1 (deep (- n 1) k))))

(define (shapes node me)
  (let ((text "text") (number 12345678901234567890) (vector (vector 1 2.5 'three)))
    (list
      (lambda () 1)
      (lambda () (! me (list text number vector)))
      (let ((f (lambda (x) (+ x number)))) (lambda () (! me (f 1))))
      (let ((p (make-point 1 (lambda () me)))) (lambda () (! ((point-y p)) (point-x p))))
      (letrec ((even (lambda (n) (if (= n 0) me (odd (- n 1)))))
               (odd (lambda (n) (if (= n 0) me (even (- n 1))))))
        (lambda () (! (even 5) 'parity)))
      (let ((p (delay (list me text)))) (lambda () (! (car (force p)) 'forced)))
      (lambda () (! me (catch (lambda (e) e) (raise text))))
      (lambda () (parameterize ((current-parameter me)) (! (current-parameter) 'parameter))))))

(define current-parameter (make-parameter 1))

(define (main host port)
  (let ((node (make-node host (string->number port))) (me (self)))
    (for-each
      (lambda (thunk) (spawn (lambda () (remote-spawn node thunk))))
      (shapes node me))
    (spawn (lambda () (migrate-task node) (! me 'here)))
    (spawn
      (lambda ()
        (deep 5 (lambda (k) (remote-spawn node (lambda () (k 1)))))))
    (spawn
      (lambda ()
        (dynamic-wind
          (lambda () #f)
          (lambda ()
            (parameterize ((current-parameter 7))
              (catch (lambda (e) (! me e))
                (migrate-task node)
                (raise (current-parameter)))))
          (lambda () #f))))
    (let wait () (? 60 #f) (wait))))
