# What belongs to a run, in the image that another run reads: what works there does, everything else is refused when
# the image is made, with the way to it (the table in lib-scm/LANGUAGE.md).
cat > app.scm <<'END'
(define (write-file name v)
  (call-with-port (open-binary-output-file name) (lambda (port) (write-bytevector (object->bytevector v) port))))
(define (read-file name)
  (bytevector->object (call-with-port (open-binary-input-file name) (lambda (port) (read-bytevector 1000000 port)))))
(define (caught thunk) (with-exception-catcher (lambda (e) e) thunk))

(define scale (make-parameter 1 (lambda (x) (* 10 x))))
(define-record-type point (make-point x y) point? (x point-x) (y point-y))

(define (save name)
  (let ((tag (make-tag)) (local (make-parameter 2 (lambda (x) (+ x 100)))) (text (open-output-string)))
    (define-record-type local-type (make-local x) local? (x local-x))
    (write-string "so far" text)
    (write-file name
      (list (self) tag (lambda () tag) local scale text
            (caught (lambda () (error "went wrong" 1 2)))
            (caught (lambda () (car 5)))
            (let ((p (delay (* 6 7)))) (force p) p)
            (delay (scale))
            (make-point 1 2) (cons (make-local 3) (lambda (x) (local-x x)))
            (make-node "host" 4000) (remote-service 'name (make-node "host" 4000))
            (make-cell 5) (dict)
            (parameterize ((scale 7) (local 8))
              (call/cc (lambda (k) k)))
            (lambda () (? 0.01 'timeout))))))

(define (show name thunk) (print name ": " (caught thunk)))
(define (load name)
  (let-values (((pid tag same-tag local outer text condition failure forced lazy point locals node service cell dictionary k wait) (apply values (read-file name))))
    (show "pid" (lambda () (list (pid? pid) (equal? pid (self)))))
    (show "send" (lambda () (! pid 'hello) (? 0.01 'nothing)))
    (show "monitor" (lambda () (monitor pid) (recv ((tag _ _ reason) reason) (after 5 'silence))))
    (show "call" (lambda () (!? pid 'hello 0.01 'no-answer)))
    (show "tag" (lambda () (list (tag? tag) (eq? tag (same-tag)) (equal? tag (make-tag)))))
    (show "parameter" (lambda () (list (local) (parameterize ((local 1)) (local)) (eq? outer scale) (outer) (parameterize ((outer 2)) (scale)))))
    (show "string port" (lambda () (write-string ", more" text) (get-output-string text)))
    (show "condition" (lambda () (list (condition-kind condition) (error-object-message condition) (error-object-irritants condition) (condition-kind failure))))
    (show "promise" (lambda () (list (force forced) (force lazy))))
    (show "record" (lambda () (list (point-x point) ((cdr locals) (car locals)))))
    (show "node" (lambda () (equal? node (make-node "host" 4000))))
    (show "service" (lambda () (equal? service (remote-service 'name node))))
    (show "cell" (lambda () (error-object-irritants (caught (lambda () (cell-ref cell))))))
    (show "dict" (lambda () (dict-ref (dict-set dictionary 'a 1) 'a)))
    (show "wait" (lambda () (wait)))))

(define (refused what v)
  (let ((e (caught (lambda () (object->bytevector v) #f))))
    (print what ": " (and e (condition-kind e)) " " (and e (cadr (error-object-irritants e))))))
(define (main what name)
  (if (equal? what "save") (save name) (load name))
  (let ((file (open-binary-output-file "some")) (console (current-output-port)))
    (refused "file" (list 1 file))
    (refused "console" (vector 1 2 console))
    (refused "input" (current-input-port))
    (refused "closure" (lambda (x) (write-char x console)))
    (refused "parameter" current-output-port)
    (refused "record" (make-point 1 file))
    (refused "promise" (delay (write-bytevector (bytevector 1) file)))
    (refused "continuation" (call/cc (lambda (k) (write-string "" console) k)))
    (refused "condition" (caught (lambda () (raise (caught (lambda () (error "x" file)))))))
    (refused "bound" (parameterize ((current-output-port (current-error-port))) (call/cc (lambda (k) k))))
    (close-port file)
    (refused "closed" (list file))))
END
"$TCC" app.scm -o app
cat > refused <<'END'
file: not-serializable element 1 of a list
console: not-serializable element 2 of a vector
input: not-serializable the value itself
closure: not-serializable variable 0 of the procedure main
parameter: not-serializable variable 1 of the procedure parameter
record: not-serializable field y of a record point
promise: not-serializable variable 0 of the procedure main in a promise
continuation: not-serializable variable 0 of a frame in frame 0 of a continuation in variable 0 of the procedure %throw
condition: not-serializable element 0 of a list in a condition
bound: not-serializable variable 1 of a frame in frame 0 of a continuation in variable 0 of the procedure %throw
closed: not-serializable element 0 of a list
END
cat > loaded <<'END'
pid: (#t #f)
send: nothing
monitor: noconnection
call: no-answer
tag: (#t #t #f)
parameter: (102 101 #f 10 20)
string port: so far, more
condition: (error went wrong (1 2) wrong-type)
promise: (42 10)
record: (1 3)
node: #t
service: #t
cell: (noconnection)
dict: 1
wait: timeout
END
./app save image > out
diff refused out
./app load image > out
cat loaded refused | diff - out
