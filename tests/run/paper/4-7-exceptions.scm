;; A catcher leaves the body, a handler resumes it; exceptions travel along links
;; (paper, section 4.7).
;; expect: (42)
;; expect: (123)
;; expect: #f
;; expect: #t
;; expect-error: error
(print
  (list
    (with-exception-catcher
      (lambda (exception) exception)
      (lambda ()
        (raise 42) ; this will not return
        123))))

(print
  (list
    (with-exception-handler
      (lambda (exception) exception)
      (lambda ()
        (raise 42) ; control will resume here
        123))))

(print
  (catch
    (lambda (exception) #t)
    (spawn (lambda () (raise 'error)))
    (? 0.2 'ok)
    #f))

(print
  (catch
    (lambda (exception) #t)
    (spawn-link (lambda () (raise 'error)))
    (? 10 'ok)
    #f))
